import type { ChannelName } from './channel.js';
import type { Attempt } from './situation.js';

/**
 * The letters of one name in this visit, one channel after the other: the notice, say, that goes
 * out by letter, and by e-mail where no letter arrives. `situation.letters('notice')` gives them.
 */
export interface Letters {
  /**
   * The key under which to propose the letter over a channel: `notice:email`. One that failed or
   * was cancelled may be proposed again under it.
   */
  key(channel: ChannelName): string;
  /** How the last of them has fared; undefined if there was none. */
  readonly latest: Attempt | undefined;
  /**
   * Whether the next one may go over a channel: it leads to the customer, nothing failed over it
   * in this visit, and the guard has not refused it just now. A deferral closes no channel: quiet
   * hours and contact caps are waited for, not got around.
   */
  isOpen(channel: ChannelName): boolean;
  /** The channel over which the guard refused one of them just now, and its rule. */
  readonly refused: { channel: ChannelName; rule: string } | undefined;
  /** Whether a key is of one of these letters. */
  hasKey(key: string): boolean;
}

export const Letters: new (situation: unknown, name: string) => Letters;
