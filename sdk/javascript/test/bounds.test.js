// One test a family of bounds. What each starts from is sound.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Decision, Message, Refusal, Wake, actions, amounts, defineStage } from '@regua/sdk';
import { SituationBuilder, ask } from '@regua/sdk/testkit';
import { ACTIONS } from '../src/contract/action.js';
import { EVENTS } from '../src/testkit/events.js';

const CONTRACT = readFileSync(new URL('../../../wit/v1/stage.wit', import.meta.url), 'utf8');
const { today } = new SituationBuilder();
const late = () => new SituationBuilder().invoice('inv-1', 12_000n, 3);

const stageOf = (decide) => defineStage({
  name: 'anything',
  version: '1.0.0',
  summary: '',
  proposes: Object.keys(ACTIONS).filter((kind) => kind !== 'write-off'),
  outcomes: ['done'],
  schema: {},
  decide,
});
const decide = (decision, situation = late()) => ask(stageOf(() => decision()), situation, {});
const propose = (...all) => () =>
  all.reduce((decision, action, at) => decision.propose(`p:${at}`, action), Decision.leave('done'));

/** What the stage's form of an action breaks, as its refusal tells it. */
function broken(action, situation) {
  try {
    decide(typeof action === 'function' ? action : propose(action), situation);
  } catch (error) {
    if (error instanceof Refusal) return error.reason.val.text;
    return error.message;
  }
  return '';
}

const offer = (items, parts) => actions.planOffer({
  items,
  plans: [{ instalments: parts.map((amount, at) => ({ dueOn: today + at + 1, amount })) }],
  validUntil: today + 1,
});

test('every kind of action has a sound form', () => {
  const items = ['inv-1'];
  const situation = late().customer({ methods: [{ key: 'm', kind: 'card' }] });
  const message = Message.offer('carrier-pigeon').inline('Hello', 'Pay {{ links.pay }}.');
  const all = [
    message.var('tone', 'kind'),
    actions.charge({ amount: 5n, method: 'm', on: today }),
    actions.fee({ item: 'inv-1', kind: 'late', amount: 500n }),
    actions.interest({ item: { key: 'inv-1' }, terms: 'statutory', until: today - 1 }),
    actions.discount({ items, basisPoints: 200, validUntil: today + 7 }),
    offer(items, amounts.split(12_000n, 3)),
    actions.task({ team: 'ar', title: 'Call', dueOn: today, draft: message }),
    actions.notice({ team: 'ar', text: 'Look' }),
    actions.service({ contract: 'K-1', change: 'suspend' }),
    actions.placement({ agency: 'acme', items, commissionBps: 1_500, termDays: 90 }),
    actions.recall({ placement: 'p:9', items: ['paid-since'] }),
    actions.hold({ until: today + 7 }),
    actions.note('a\nnote'),
    actions.custom('acme.scored', { score: 7 }),
  ];
  const answer = decide(propose(...all), situation);
  const kinds = answer.decision.proposals.map(({ action }) => action.tag);
  assert.deepEqual([...kinds, 'write-off'].sort(), Object.keys(ACTIONS).sort());
});

test('numbers, halves and misspelt fields are told with their place', () => {
  const fee = { item: 'inv-1', kind: 'late', amount: 500n };
  assert.equal(
    broken(actions.fee({ ...fee, amount: 500 })),
    'p:0.amount is 500 (number), not a bigint of minor units, 1n to 10^15',
  );
  assert.match(broken(actions.fee({ ...fee, ammount: 1n })), /p:0 has no field "ammount"/);
  assert.match(broken(actions.fee({ ...fee, kind: 'Late' })), /p:0\.kind is "Late"/);
  assert.match(broken(actions.hold({ until: today + 0.5 })), /p:0\.until is \d+\.5 \(number\)/);
  assert.match(broken(actions.hold({ until: '2025-07-01' })), /p:0\.until is "2025-07-01"/);
  assert.match(broken({ tag: 'email', val: {} }), /p:0 is "email", not one of send-message/);
  assert.equal(
    broken({ kind: 'add-fee', ...fee }),
    "p:0 is an object without a tag, not an action: { tag: 'add-fee', val: { … } }, as " +
      'actions.fee({ … }) makes it, or a Message',
  );
  assert.match(broken('add-fee'), /p:0 is "add-fee", not an action: /);
  assert.match(broken(Message.demand('email')), /p:0 is a message that lacks its content/);
  assert.match(broken(actions.custom('a', undefined)), /p:0\.json is undefined, not text/);
  assert.throws(() => Message.demand('e mail'), /a channel is 1 to 32 characters/);
});

test('plans add up to items of the situation', () => {
  assert.equal(broken(offer(['inv-1'], [7_000n, 5_000n])), '');
  assert.match(broken(offer(['inv-1'], [7_000n])), /add up to 7000 where 12000 may be chased/);
  assert.match(broken(offer(['inv-2'], [1n])), /inv-2 is not an item of the situation/);
  assert.match(broken(offer(['inv-1', 'inv-1'], [1n])), /items has "inv-1" twice/);
  assert.match(broken(offer([], [])), /items has 0 entries where 1 to 200/);
});

test('what is done already keeps to its form alone', () => {
  const done = (kind) => late().effect({ key: 'p:0', kind, state: 'done' });
  const old = offer(['paid-since'], [1n]);
  assert.equal(broken(old, done('offer-plan')), '');
  assert.match(broken(old, done('add-note')), /offer-plan under a key that was done as add-note/);
  assert.match(broken(offer([], [1n]), done('offer-plan')), /items has 0 entries/);
});

test('dates and wake-ups lie ahead', () => {
  assert.equal(broken(actions.hold({ until: today + 1 })), '');
  for (const until of [today, today + 3_661]) {
    assert.match(broken(actions.hold({ until })), /not 1 to 3660 days ahead/);
  }
  const stay = (wake) => broken(() => Decision.stay(wake));
  assert.equal(stay(Wake.on(today + 1)), '');
  assert.match(stay(Wake.on(today)), /the wake-up is 2025-06-11/);
  assert.match(stay({ tag: 'after-minutes', val: 14 }), /next is 14 \(number\)/);
});

test('messages have no addresses and variables can be read', () => {
  const message = (body, name = 'x', value = '7') =>
    broken(Message.demand('email').inline('Hello', body).var(name, value));
  for (const plain of ['Pay {{ links.pay }}.', '1.234,50, e.g. on 02.03.2026 at 9 a.m.', 'Tel: 030 1']) {
    assert.equal(message(plain), '', plain);
  }
  const addresses = [
    'https://evil.example', 'see www.evil.example', '(tel:1)', '*pay.evil.com*', 'evil.de',
    '{{ links.pay }}@evil.com',
  ];
  for (const body of addresses) assert.match(message(body), /body has a web address/, body);
  assert.match(message('', 'x', 'evil.de'), /x has a web address/);
  for (const name of ['', 'days-left', '1st', 'a.b']) {
    assert.match(message('', name), /not a letter and up to 63 letters/, name);
  }
  assert.match(message('bell\u0007'), /has a control character/);
  assert.match(broken(Message.demand('email').inline('a\nb', '')), /subject is not one line/);
});

test('keys, kinds and counts are held to the manifest and the contract', () => {
  assert.match(broken(actions.writeOff({ items: ['inv-1'] })), /write-off is not among what/);
  const note = actions.note('');
  const twice = () => Decision.leave('done').propose('a', note).propose('a', note);
  assert.match(broken(twice), /proposals has "a" twice/);
  assert.match(broken(() => Decision.leave('done').propose('A b', note)), /"A b", not 1 to 64/);
  const many = () => propose(...Array.from({ length: 33 }, () => note))();
  assert.match(broken(many), /proposals has 33 entries where 0 to 32/);
  const wordy = decide(() => Decision.leave('done').because('long', 'é'.repeat(501)));
  assert.equal([...wordy.decision.reasons[0].text].length, 500);
  const heavy = () => Decision.leave('done').remember('x'.repeat(4_095));
  assert.match(broken(heavy), /memory has 4097 bytes where 4096 are allowed/);
});

test('kinds of actions and events are the contract’s', () => {
  const kinds = /enum action-kind \{([^}]*)\}/.exec(CONTRACT)[1].match(/[a-z-]+/g);
  assert.deepEqual(Object.keys(ACTIONS), kinds);
  const register = /`kind` is from an open register\. Subjects([\s\S]*?)record event \{/.exec(CONTRACT);
  const words = register[1].split(/[\s(),:;]+/).map((word) => word.replace(/\.+$/, ''));
  const told = words.filter((word) => word === 'replied' || /^[a-z]+\.[a-z-]+$/.test(word));
  assert.deepEqual([...new Set(told)].sort(), EVENTS);
});
