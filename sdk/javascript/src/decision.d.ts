import type { Action, Wake } from 'regua:dunning/types@1.0.0';

/**
 * What a stage wants done, and where the case goes from there. It begins with the latter, which
 * no decision can do without:
 *
 * ```js
 * Decision.leave('sent')
 *   .propose('demand:email', Message.demand('email').template('first-day-late'))
 *   .because('late', 'one day overdue');
 * ```
 */
export class Decision<out Outcome extends string = string, out Memory = unknown> {
  private constructor();
  private readonly outcome: Outcome;
  private readonly memory: Memory;

  /** The case stays in the stage, which is asked again at the wake-up or on an event. */
  static stay(wake: Wake): Decision<never, never>;
  /**
   * The case leaves by an outcome, once the effects of this decision have been handed over. If
   * one of them fails first, the stage is asked again.
   */
  static leave<const Outcome extends string>(outcome: Outcome): Decision<Outcome, never>;

  /**
   * Proposes an action under a key of the stage's own: 1 to 64 characters of `a-z`, `0-9`, `-`,
   * `.` and `:`. One key is done once per visit; at most 32 are carried out, in this order.
   */
  propose(key: string, action: Action): this;
  /**
   * Gives a reason in words that a person at the tenant can check: at most 16. The code is a line
   * of 1 to 64 characters. A text above 500 characters is cut, for an explanation must not undo a
   * decision.
   */
  because(code: string, text: string): this;
  /**
   * Leaves something for the next call of this visit, as JSON of at most 4 KiB: an amount as
   * `String(amount)`, for JSON has no bigint. Without it, memory stays as it was.
   */
  remember<NewMemory>(memory: NewMemory): Decision<Outcome, NewMemory>;
}
