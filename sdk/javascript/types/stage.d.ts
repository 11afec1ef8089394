// Made from wit/v1/stage.wit by `npm run types`: edit that, and not this.
/// <reference path="./interfaces/regua-dunning-log.d.ts" />
/// <reference path="./interfaces/regua-dunning-types.d.ts" />
declare module 'regua:dunning/stage@1.0.0' {
  export type Manifest = import('regua:dunning/types@1.0.0').Manifest;
  export type Situation = import('regua:dunning/types@1.0.0').Situation;
  export type Decision = import('regua:dunning/types@1.0.0').Decision;
  export type Refusal = import('regua:dunning/types@1.0.0').Refusal;
  export type ConfigProblem = import('regua:dunning/types@1.0.0').ConfigProblem;
  export type * as ReguaDunningLog100 from 'regua:dunning/log@1.0.0'; // import regua:dunning/log@1.0.0
  export type * as ReguaDunningTypes100 from 'regua:dunning/types@1.0.0'; // import regua:dunning/types@1.0.0
  /**
  * Asked when the stage is uploaded, and when it is loaded. The same each time.
  */
  export function describe(): Manifest;
  /**
  * Asked when a workflow that uses the stage is published, about a config that fits
  * the manifest's schema: what the schema says need not be said again. At most 100
  * problems. `config` is canonical JSON (sorted keys, no white space) of at most
  * 16 KiB.
  */
  export function checkConfig(config: string): Array<ConfigProblem>;
  /**
  * The same situation and config give the same answer. `config` is one that was
  * published, in the same form.
  */
  export function decide(situation: Situation, config: string): Decision;
  export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
}
