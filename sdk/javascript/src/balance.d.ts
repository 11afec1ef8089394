import type * as wit from 'regua:dunning/types@1.0.0';

/** What is owed, in the case's one currency: the contract's record. */
export interface Balance extends wit.Balance {
  /** The item of a key. */
  item(key: string): wit.OpenItem | undefined;
  /**
   * The first day after `today` on which the calendar alone changes what may be chased: an item
   * becomes past due, or a cover has ended. Undefined where only an event can, or where it lies
   * beyond the 3660 days that a decision may name.
   */
  nextChangeAfter(today: wit.Date): wit.Date | undefined;
  /** An amount of this balance, in minor units, as a person reads it: `20.00 BRL`. */
  display(amount: wit.Amount): string;
}

export const Balance: new (record: wit.Balance) => Balance;

/** Whether an item's due date has passed: `situation.items.filter(isPastDue)`. */
export function isPastDue(item: wit.OpenItem): boolean;
/** Whether its due date has not passed. */
export function isComingDue(item: wit.OpenItem): boolean;
/** Whether something of it may be chased: not covered, not with an agency. */
export function isChaseable(item: wit.OpenItem): boolean;
/** Whether an agency works on it. */
export function isPlaced(item: wit.OpenItem): boolean;
/** Whether it is principal. */
export function isInvoice(item: wit.OpenItem): boolean;

/** The sum of what is left of items, in minor units. */
export function totalOutstanding(items: Iterable<wit.OpenItem>): wit.Amount;
/** The sum of what may be chased of items, in minor units. */
export function totalChaseable(items: Iterable<wit.OpenItem>): wit.Amount;
