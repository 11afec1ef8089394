// Situations for tests: the contract's records, as the host gives them.

import { weekday } from '../date.js';
import { channelOf } from '../channel.js';
import { counted } from './balance.js';

const TODAY = 20_250;
const DAY_MS = 86_400_000n;
const NOW = BigInt(TODAY) * DAY_MS + 13n * 3_600_000n;
const TERM_DAYS = 14;

const byName = ([a], [b]) => (a < b ? -1 : 1);
const isBusinessDay = (date) => !['saturday', 'sunday'].includes(weekday(date));

/** Where every situation starts: see the declaration of `SituationBuilder`. */
const blank = () => ({
  now: {
    at: NOW,
    localDate: TODAY,
    localMinuteOfDay: 600,
    localWeekday: weekday(TODAY),
    isBusinessDay: true,
    timeZone: 'America/Sao_Paulo',
  },
  trigger: { tag: 'entered' },
  stage: {
    id: 'stage',
    entered: NOW,
    callsBefore: 0,
    visitsBefore: 0,
    daysInStage: 0,
    businessDaysInStage: 0,
    memory: new Uint8Array(),
  },
  customer: {
    bucket: 0,
    kind: 'consumer',
    locale: 'pt-BR',
    jurisdiction: 'BR-SP',
    segments: [],
    reachable: [channelOf('email')],
    attributes: [],
    methods: [],
  },
  balance: {
    currency: 'BRL',
    minorDigits: 2,
    credit: 0n,
    items: [],
    itemsOmitted: 0,
    covers: [],
  },
  history: {
    customerSince: undefined,
    invoicesPaid: 0,
    invoicesPaidLate: 0,
    averageDaysLateCenti: 0,
    worstDaysLate: 0,
    promisesKept: 0,
    promisesBroken: 0,
    plansCompleted: 0,
    plansBroken: 0,
    contacts: [],
    lastContact: undefined,
    lastReply: undefined,
    lastPayment: undefined,
    lastDecline: undefined,
  },
  score: undefined,
  effects: [],
});

export class SituationBuilder {
  #situation;

  constructor(situation = blank()) {
    this.#situation = structuredClone(situation);
  }

  get today() {
    return this.#situation.now.localDate;
  }

  get now() {
    return this.#situation.now.at;
  }

  currency(currency, minorDigits) {
    Object.assign(this.#situation.balance, { currency, minorDigits });
    return this;
  }

  invoice(key, amount, daysOverdue) {
    return this.item({ key, original: amount, dueOn: TODAY - daysOverdue });
  }

  item({ dueOn = TODAY, ...item }) {
    this.#situation.balance.items.push({
      kind: 'invoice',
      parent: undefined,
      contract: undefined,
      issuedOn: dueOn - TERM_DAYS,
      dueOn,
      outstanding: item.original,
      disposition: 'chased',
      isFirst: false,
      delivery: 'unknown',
      ...item,
    });
    return this;
  }

  cover({ subject = '', until = undefined, amount = 0n, kind }) {
    this.#situation.balance.covers.push({ kind, subject, amount, until });
    return this;
  }

  customer({ reachable, attributes, methods, segments, ...rest }) {
    const { customer } = this.#situation;
    Object.assign(customer, rest);
    if (reachable) customer.reachable = reachable.map(channelOf);
    if (attributes) customer.attributes = Object.entries(attributes).sort(byName);
    if (segments) customer.segments = [...segments].sort();
    if (methods) {
      const whole = (method, at) => ({ isDefault: at === 0, expiresOn: undefined, ...method });
      customer.methods = methods.map(whole);
    }
    return this;
  }

  reachable(...channels) {
    return this.customer({ reachable: channels });
  }

  history({ contacts, ...history }) {
    Object.assign(this.#situation.history, history);
    if (contacts) {
      this.#situation.history.contacts = Object.entries(contacts)
        .map(([name, counts]) => ({ channel: channelOf(name), ...counts }));
    }
    return this;
  }

  score(permille, model = 'test') {
    this.#situation.score = { permille, model };
    return this;
  }

  daysLater(days) {
    const { now, stage } = this.#situation;
    const passed = Array.from({ length: days }, (_, at) => now.localDate + at + 1);
    stage.businessDaysInStage += passed.filter(isBusinessDay).length;
    stage.daysInStage += days;
    now.at += BigInt(days) * DAY_MS;
    now.localDate += days;
    now.localWeekday = weekday(now.localDate);
    now.isBusinessDay = isBusinessDay(now.localDate);
    return this;
  }

  stage(position) {
    Object.assign(this.#situation.stage, position);
    return this;
  }

  memory(memory) {
    return this.stage({ memory: new TextEncoder().encode(JSON.stringify(memory)) });
  }

  effect({ channel, ...effect }) {
    const { stage, now, effects } = this.#situation;
    effects.unshift({
      stage: stage.id,
      channel: channel && channelOf(channel),
      code: '',
      at: now.at,
      until: undefined,
      ...effect,
    });
    return this;
  }

  woken(lateByMs = 0n) {
    return this.#asked({ tag: 'woken', val: { planned: this.now - lateByMs, lateByMs } });
  }

  event(kind, { subject, amount, details = {} } = {}) {
    const { at, localDate: on } = this.#situation.now;
    const named = Object.entries(details).sort(byName);
    return this.#asked({ tag: 'event', val: { kind, subject, amount, on, at, details: named } });
  }

  answered(verdicts) {
    const { trigger } = this.#situation;
    const event = trigger.tag === 'event' ? trigger.val : undefined;
    const whole = (verdict) => ({ rule: '', notBefore: undefined, atMost: undefined, ...verdict });
    return this.#asked({ tag: 'answered', val: { verdicts: verdicts.map(whole), event } });
  }

  #asked(trigger) {
    this.#situation.trigger = trigger;
    this.#situation.stage.callsBefore += 1;
    return this;
  }

  build() {
    const situation = structuredClone(this.#situation);
    situation.balance = counted(situation.balance, this.today);
    return situation;
  }
}
