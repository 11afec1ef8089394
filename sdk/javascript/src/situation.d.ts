import type * as wit from 'regua:dunning/types@1.0.0';
import type { Balance } from './balance.js';
import type { ChannelName } from './channel.js';
import type { Letters } from './letters.js';

/** An earlier proposal and what became of it; its channel by name. */
export type Effect = Omit<wit.Effect, 'channel'> & { channel?: ChannelName };

/**
 * How a message has fared. `in-flight`: on its way. `sent`: handed over, and nothing bad was heard
 * since. `failed`: the channel does not lead to the customer. `cancelled`: it no longer held when
 * its time came; the channel is not at fault.
 */
export type Attempt = 'in-flight' | 'sent' | 'failed' | 'cancelled';

/** The debtor, without anything that names them. */
export interface Customer extends Omit<wit.Customer, 'attributes' | 'reachable'> {
  /** Channels with an address, consent and no opt-out; the preferred first. */
  readonly reachable: ChannelName[];
  /** Those that the tenant declared visible to stages, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  /** The country of the jurisdiction, e.g. `BR`. */
  readonly country: string;
  /** The way to pay that is charged unless another is named. */
  readonly defaultMethod: wit.PaymentMethod | undefined;
}

/** What the past says of this customer, over all cases. */
export interface History extends wit.History {
  /** How often they were written to over a channel. */
  contactsOver(channel: ChannelName): Omit<wit.ContactCount, 'channel'>;
}

/**
 * Everything a stage may know when it is asked: the contract's record, with channels by name.
 * Amounts and instants are bigint (minor units, milliseconds), dates are numbers (days).
 */
export class Situation {
  constructor(record: wit.Situation);

  /** The logical instant of the call. There is no other clock. */
  readonly now: wit.Moment;
  /** Why the stage is asked. */
  readonly trigger: wit.Trigger;
  /** Where in the stage the case stands. */
  readonly stage: wit.StagePosition;
  readonly customer: Customer;
  /** What is owed, in the case's one currency. */
  readonly balance: Balance;
  readonly history: History;
  /** The chance of payment, where the tenant has a model. */
  readonly score: wit.Score | undefined;
  /** What became of everything proposed earlier in this case, newest first. */
  readonly effects: Effect[];

  /** The customer's civil date. */
  readonly today: wit.Date;
  /** The open items, oldest due first. */
  readonly items: wit.OpenItem[];
  /**
   * The event that this call is about, if it is about one: also when the stage is asked once more
   * about its answer to it.
   */
  readonly event: wit.Event | undefined;
  /** What the guard said of the decision just made; empty on a first ask. */
  readonly verdicts: wit.Verdict[];
  /** The effects of this visit of this stage, newest first. */
  readonly effectsOfVisit: Effect[];

  /** How a message has fared, by its effect and by a bounce that this call is about. */
  attempt(message: Effect): Attempt;
  /** The letters of a name in this visit: messages whose keys `Letters.key` makes. */
  letters(name: string): Letters;
}

/** A detail of an event by its name. */
export function detail(event: wit.Event, name: string): string | undefined;

/** The earliest instant to which something was deferred, where a rule knows one. */
export function earliestNotBefore(verdicts: wit.Verdict[]): wit.Timestamp | undefined;
