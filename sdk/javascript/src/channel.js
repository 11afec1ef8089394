// Ways to reach a debtor: names here, variants in the contract.

const NAMED = ['email', 'sms', 'whatsapp', 'letter', 'phone'];

export function channelName(channel) {
  return channel.tag === 'other' ? channel.val : channel.tag;
}

export function channelOf(name) {
  if (NAMED.includes(name)) return { tag: name };
  if (!isChannelName(name)) {
    throw new TypeError(
      `a channel is 1 to 32 characters of a-z, 0-9 and -, not ${JSON.stringify(name)}`,
    );
  }
  return { tag: 'other', val: name };
}

export function isChannelName(name) {
  return typeof name === 'string' && /^[a-z0-9-]{1,32}$/.test(name);
}
