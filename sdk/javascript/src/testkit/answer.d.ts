import type * as wit from 'regua:dunning/types@1.0.0';
import type { ChannelName } from '../channel.js';
import type { SituationBuilder } from './situation-builder.js';

/** A message in an answer. */
export interface SentMessage {
  purpose: wit.Purpose;
  channel: ChannelName;
  /** The name of the template; undefined for inline text. */
  template: string | undefined;
  /** Further text for the template, by name. */
  variables: Record<string, string>;
}

/**
 * A decision, as its reader sees it. Its `assert` methods throw with the whole decision, and
 * return the answer, so that they chain.
 */
export class Answer {
  private constructor();
  /** The contract's record. */
  readonly decision: wit.Decision;
  /** The outcome by which the case leaves, if it does. */
  readonly outcome: string | undefined;
  /** The wake-up, if the case stays. */
  readonly wake: wit.Wake | undefined;
  /** What it leaves for the next call, if anything. */
  readonly memory: unknown;
  /** The proposals' keys, in their order. */
  readonly keys: string[];
  /** The codes of the reasons, in their order. */
  readonly reasonCodes: string[];

  /** The action proposed under a key. */
  action(key: string): wit.Action | undefined;
  /** The message proposed under a key. */
  message(key: string): SentMessage | undefined;
  /** The task proposed under a key, with its draft as a message. */
  task(key: string): (Omit<wit.Task, 'draft'> & { draft?: SentMessage }) | undefined;

  /** The situation in which this answer's proposals have come so far: for the next call. */
  next(state: wit.EffectState, code?: string): SituationBuilder;

  /** Throws unless the case leaves by the outcome. */
  assertLeaves(outcome: string): this;
  /** Throws unless the case stays until the wake-up. */
  assertStays(wake: wit.Wake): this;
  /** Throws unless these keys are proposed, in this order, and no others. */
  assertProposes(...keys: string[]): this;
  /** Throws unless this is among the codes of the reasons. */
  assertBecause(code: string): this;
}
