// Writing to a debtor over one channel after another.

import { isChannelName } from './channel.js';

export class Letters {
  #situation;
  #name;

  constructor(situation, name) {
    this.#situation = situation;
    this.#name = name;
  }

  key(channel) {
    return `${this.#name}:${channel}`;
  }

  get latest() {
    const latest = this.#effects.at(0);
    return latest && this.#situation.attempt(latest);
  }

  isOpen(channel) {
    const situation = this.#situation;
    const hasFailed = (letter) =>
      letter.channel === channel && situation.attempt(letter) === 'failed';
    return (
      situation.customer.reachable.includes(channel) &&
      !this.#effects.some(hasFailed) &&
      this.refused?.channel !== channel
    );
  }

  get refused() {
    for (const { key, ruling, rule } of this.#situation.verdicts) {
      const channel = this.#channelOf(key);
      if (ruling === 'refused' && channel !== undefined) return { channel, rule };
    }
    return undefined;
  }

  hasKey(key) {
    return this.#channelOf(key) !== undefined;
  }

  #channelOf(key) {
    const prefix = this.key('');
    const channel = key.slice(prefix.length);
    return key.startsWith(prefix) && isChannelName(channel) ? channel : undefined;
  }

  get #effects() {
    return this.#situation.effectsOfVisit.filter(
      ({ kind, key }) => kind === 'send-message' && this.hasKey(key),
    );
  }
}
