import type { ConfigProblem, Refusal as Reason } from 'regua:dunning/types@1.0.0';

/**
 * The stage's own way of saying no: throw it, and the workflow's `on_failure` takes over. It is
 * for what the stage cannot do, not for what it should not do now; that is `Decision.stay`.
 */
export class Refusal extends Error {
  /** As the contract has it. */
  readonly reason: Reason;

  /** The config cannot work: at most 100 problems. */
  static badConfig(problems: ConfigProblem[]): Refusal;
  /** This kind of situation is beyond the stage; says which, in at most 500 characters. */
  static unsupported(text: string): Refusal;
  /** Anything else: a code of 1 to 64 characters for machines, a text of at most 500 for people. */
  static other(code: string, text: string, options?: ErrorOptions): Refusal;
}
