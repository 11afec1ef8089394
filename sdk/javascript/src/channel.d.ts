import type { Channel } from 'regua:dunning/types@1.0.0';

/** A channel as a config spells it: one of these, or the name of one that the tenant added. */
export type ChannelName =
  'email' | 'sms' | 'whatsapp' | 'letter' | 'phone' | (string & Record<never, never>);

/** The name of a channel of the contract. */
export function channelName(channel: Channel): ChannelName;

/** The other way. Throws a `TypeError` where the text cannot name a channel. */
export function channelOf(name: ChannelName): Channel;

/** Whether a text can name a channel: 1 to 32 characters of `a-z`, `0-9` and `-`. */
export function isChannelName(name: string): boolean;
