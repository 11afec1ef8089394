// Lines for the plugin's developer.

let write = (level, text) => console.error(`${level}: ${text}`);

/** For the SDK alone: where the lines go. */
export function connect(sink) {
  write = sink;
}

export const debug = (text) => write('debug', String(text));
export const info = (text) => write('info', String(text));
export const warn = (text) => write('warn', String(text));
export const error = (text) => write('error', String(text));
