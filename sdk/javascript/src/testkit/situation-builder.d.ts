import type * as wit from 'regua:dunning/types@1.0.0';
import type { ChannelName } from '../channel.js';

/** An open item; what of it is chaseable follows from the situation's covers. */
export type ItemGiven = Pick<wit.OpenItem, 'key' | 'original'> &
  Partial<Omit<wit.OpenItem, 'key' | 'original' | 'daysOverdue' | 'chaseable'>>;

/** A cover of an item, or without its key of the whole account: a hold takes all there is. */
export type CoverGiven = Pick<wit.Cover, 'kind'> & Partial<wit.Cover>;

/** What became of an earlier proposal: by this stage and now, unless told. */
export type EffectGiven = Pick<wit.Effect, 'key' | 'kind' | 'state'> &
  Partial<Pick<wit.Effect, 'stage' | 'code' | 'at' | 'until'>> & { channel?: ChannelName };

/** What the guard said of a proposal. */
export type VerdictGiven = Pick<wit.Verdict, 'key' | 'ruling'> & Partial<wit.Verdict>;

/** Of the customer; the first method is the default one. */
export type CustomerGiven = Partial<Omit<wit.Customer, 'attributes' | 'reachable' | 'methods'>> & {
  reachable?: ChannelName[];
  attributes?: Record<string, string>;
  methods?: (Pick<wit.PaymentMethod, 'key' | 'kind'> & Partial<wit.PaymentMethod>)[];
};

/** Of the customer's past; contacts by the channel's name. */
export type HistoryGiven = Partial<Omit<wit.History, 'contacts'>> & {
  contacts?: Record<ChannelName, Omit<wit.ContactCount, 'channel'>>;
};

/**
 * Builds a situation. Unless told otherwise: Wednesday 2025-06-11, 10:00 in São Paulo; a consumer
 * who reads pt-BR and is reachable by e-mail; nothing owed, in BRL; the stage has just been
 * entered. Sums, the anchor and days overdue follow from items and covers. Amounts are bigint, in
 * minor units; dates are numbers, in days. Its methods change it and return it.
 */
export class SituationBuilder {
  /** From the defaults above, or from a situation of the contract, which stays as it is. */
  constructor(situation?: wit.Situation);

  /** The customer's civil date. */
  readonly today: wit.Date;
  /** The instant of the call, in milliseconds. */
  readonly now: wit.Timestamp;

  /** The currency, and how many digits its minor unit has. */
  currency(code: string, minorDigits: number): this;
  /** Adds an invoice due so many days before 2025-06-11; negative: after it. */
  invoice(key: string, amount: wit.Amount, daysOverdue: number): this;
  /** Adds an item: an invoice due on 2025-06-11, unless told. */
  item(item: ItemGiven): this;
  /** Covers an item for now, or the whole account. */
  cover(cover: CoverGiven): this;
  /** Changes what is known of the customer. */
  customer(customer: CustomerGiven): this;
  /** The channels that lead to the customer, the preferred first. */
  reachable(...channels: ChannelName[]): this;
  /** Changes the customer's past. */
  history(history: HistoryGiven): this;
  /** The chance of payment, in permille. */
  score(permille: number, model?: string): this;
  /** So many days later, at the same time of day; Monday to Friday count as business days. */
  daysLater(days: number): this;
  /** Changes where in the stage the case stands. */
  stage(position: Partial<wit.StagePosition>): this;
  /** The memory that an earlier call left. */
  memory(memory: unknown): this;
  /** Adds what became of an earlier proposal, as the newest. */
  effect(effect: EffectGiven): this;
  /** Asked because a wake-up came, in time or so many milliseconds late. */
  woken(lateByMs?: bigint): this;
  /** Asked because of an event that happens now. */
  event(
    kind: string,
    event?: { subject?: string; amount?: wit.Amount; details?: Record<string, string> },
  ): this;
  /** Asked again because not all was allowed; about the event, if `event` was called before. */
  answered(verdicts: VerdictGiven[]): this;

  /** The contract's record. */
  build(): wit.Situation;
}
