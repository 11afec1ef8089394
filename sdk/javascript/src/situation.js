// Everything a stage may know.

import { Balance } from './balance.js';
import { channelName } from './channel.js';
import { Letters } from './letters.js';

const BOUNCED = 'bounced';

export class Situation {
  constructor(record) {
    const { now, trigger, stage, customer, balance, history, score, effects } = record;
    Object.assign(this, { now, trigger, stage, score });
    this.customer = new Customer(customer);
    this.balance = new Balance(balance);
    this.history = new History(history);
    this.effects = effects.map((effect) => ({
      ...effect,
      channel: effect.channel && channelName(effect.channel),
    }));
  }

  get today() {
    return this.now.localDate;
  }

  get items() {
    return this.balance.items;
  }

  get event() {
    switch (this.trigger.tag) {
      case 'event':
        return this.trigger.val;
      case 'answered':
        return this.trigger.val.event;
      default:
        return undefined;
    }
  }

  get verdicts() {
    return this.trigger.tag === 'answered' ? this.trigger.val.verdicts : [];
  }

  get effectsOfVisit() {
    const { id, entered } = this.stage;
    return this.effects.filter((effect) => effect.stage === id && effect.at >= entered);
  }

  attempt(message) {
    const event = this.event;
    const bouncesNow = event?.kind === 'message.bounced' && event.subject === message.key;
    switch (message.state) {
      case 'cancelled':
      case 'failed':
        return message.state;
      case 'queued':
        return bouncesNow ? 'failed' : 'in-flight';
      case 'confirmed':
        return bouncesNow || message.code === BOUNCED ? 'failed' : 'sent';
      default:
        return bouncesNow ? 'failed' : 'sent';
    }
  }

  letters(name) {
    return new Letters(this, name);
  }
}

class Customer {
  constructor(record) {
    const { attributes, reachable, ...rest } = record;
    Object.assign(this, rest);
    this.reachable = reachable.map(channelName);
    this.attributes = new Map(attributes);
  }

  get country() {
    return this.jurisdiction.split('-')[0];
  }

  get defaultMethod() {
    return this.methods.find((method) => method.isDefault);
  }
}

class History {
  constructor(record) {
    Object.assign(this, record);
  }

  contactsOver(channel) {
    const count = this.contacts.find((count) => channelName(count.channel) === channel);
    const { last7Days = 0, last30Days = 0, total = 0 } = count ?? {};
    return { last7Days, last30Days, total };
  }
}

export function detail(event, name) {
  return event.details.find(([key]) => key === name)?.[1];
}

export function earliestNotBefore(verdicts) {
  const deferred = verdicts.filter(({ ruling }) => ruling === 'deferred');
  const instants = deferred.map(({ notBefore }) => notBefore).filter((at) => at !== undefined);
  return instants.reduce((least, at) => (at < least ? at : least), instants[0]);
}
