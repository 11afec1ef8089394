// Made from wit/v1/stage.wit by `npm run types`: edit that, and not this.
declare module 'regua:dunning/log@1.0.0' {
  export function write(level: Level, text: string): void;
  /**
   * # Variants
   *
   * ## `"debug"`
   *
   * ## `"info"`
   *
   * ## `"warn"`
   *
   * ## `"error"`
   */
  export type Level = 'debug' | 'info' | 'warn' | 'error';
}
