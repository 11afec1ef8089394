import type { Date, Timestamp, Wake as Asked } from 'regua:dunning/types@1.0.0';

/** As the contract has it. */
export type Wake = Asked;

/**
 * When to ask again. The host rolls days to business days and into the workflow's send window;
 * events that the stage listens to come earlier. Those that count keep to the contract's bounds
 * whatever they are given, take a begun unit whole, and throw a `TypeError` at what is no number.
 */
export const Wake: {
  /** After so many minutes: fewer than 15 become 15, more than 5270400 become those. */
  afterMinutes(minutes: number): Wake;
  /** After so many days: 1 to 3660. */
  afterDays(days: number): Wake;
  /** After so many business days: 1 to 3660. */
  afterBusinessDays(days: number): Wake;
  /** On a day, which has to lie ahead: 1 to 3660 days after today. */
  on(date: Date): Wake;
  /** On an event, or after the workflow's longest silence. */
  onEvent(): Wake;
  /** As soon after `now` as `instant`, both in milliseconds, and the bounds allow. */
  at(now: Timestamp, instant: Timestamp): Wake;
};
