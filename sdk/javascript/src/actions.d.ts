import type * as wit from 'regua:dunning/types@1.0.0';
import type { Message } from './message.js';

/** An item of the situation, or its key. */
export type ItemOrKey = Pick<wit.OpenItem, 'key'> | string;

type OfItem<T extends { item: string }> = Omit<T, 'item'> & { item: ItemOrKey };
type OfItems<T extends { items: string[] }> = Omit<T, 'items'> & { items: Iterable<ItemOrKey> };
type Optional<T, Name extends keyof T> = Omit<T, Name> & Partial<Pick<T, Name>>;

/** Charges a method on file: all that is chaseable by the default method at once, unless told. */
export function charge(charge?: wit.Charge): wit.Action;

/** Posts a fee, at most once per item, kind and occurrence, for ever; the first occurrence is "1". */
export function fee(fee: Optional<OfItem<wit.Fee>, 'occurrence'>): wit.Action;

/** Posts interest on an item up to a day, which the host computes by the tenant's terms. */
export function interest(interest: OfItem<wit.Interest>): wit.Action;

/** Offers a share off the items when they are paid by the day. */
export function discount(discount: OfItems<wit.Discount>): wit.Action;

/** Offers 1 to 3 plans of 1 to 60 instalments each: see `amounts.split`. */
export function planOffer(
  offer: Omit<OfItems<wit.PlanOffer>, 'plans'> & { plans: Optional<wit.Plan, 'waiveFees'>[] },
): wit.Action;

/** Opens a person's work: priority 0 (lowest) to 9, 5 unless told; a draft is sent on approval. */
export function task(
  task: Optional<Omit<wit.Task, 'draft'>, 'details' | 'priority'> & { draft?: Message },
): wit.Action;

/** Tells a team a text of at most 4 KiB. */
export function notice(notice: wit.Notice): wit.Action;

/** Restricts, suspends, restores or terminates the service under a contract. */
export function service(service: wit.Service): wit.Action;

/** Gives items to an agency for a commission in hundredths of a percent and a term in days. */
export function placement(placement: OfItems<wit.Placement>): wit.Action;

/** Takes items, open or paid, back from the placement that was proposed under this key. */
export function recall(recall: Optional<OfItems<wit.Recall>, 'reason'>): wit.Action;

/** Lets the whole account rest until the end of the day; facts still reach the stage. */
export function hold(hold: Optional<wit.Hold, 'reason'>): wit.Action;

/** Gives items up. */
export function writeOff(writeOff: Optional<OfItems<wit.WriteOff>, 'reason'>): wit.Action;

/** Leaves a note of at most 4 KiB on the timeline. */
export function note(text: string): wit.Action;

/**
 * A webhook event of this name with a value that becomes at most 16 KiB of JSON. Throws a
 * `Refusal` where it has none: a bigint, a cycle.
 */
export function custom(name: string, value: unknown): wit.Action;
