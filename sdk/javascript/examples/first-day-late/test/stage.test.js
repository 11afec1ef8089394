// Every branch of the stage, through the same path as the component's export.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { Refusal, Wake } from '@regua/sdk';
import {
  SituationBuilder, ask as askStage, assertLetters, assertListensToTheRegister, problemPointers,
} from '@regua/sdk/testkit';
import stage from '../stage.js';

const config = () => ({ template: 'first-day-late', minimum: { BRL: '20.00' } });
const oneDayLate = () =>
  new SituationBuilder().invoice('inv-1', 12_000n, 1).reachable('email', 'sms');
const { today, now } = new SituationBuilder();

/**
 * @param {SituationBuilder} situation
 * @param {unknown} settings
 */
const ask = (situation, settings = config()) => askStage(stage, situation, settings);

test('it listens to what the contract tells', () => assertListensToTheRegister(stage));

test('the template is a reference', () => {
  const schema = JSON.parse(stage.describe().configSchema);
  assert.equal(schema.properties.template.format, 'regua-template');
  assert.deepEqual(schema.required, ['template']);
  assert.equal(schema.additionalProperties, false);
});

test('late customer gets one demand for the whole balance', () => {
  const situation = oneDayLate().invoice('inv-2', 3_000n, 1).invoice('inv-3', 9_900n, -5);
  const answer = ask(situation)
    .assertLeaves('sent')
    .assertProposes('demand:email')
    .assertBecause('late');
  assert.deepEqual(answer.message('demand:email'), {
    purpose: 'demand',
    channel: 'email',
    template: 'first-day-late',
    variables: {},
  });
  assert.equal(
    answer.decision.reasons[0]?.text,
    '1 days overdue, 150.00 BRL may be chased; email is the first channel left',
  );
});

test("customer's preferred channel comes first", () => {
  ask(oneDayLate().reachable('whatsapp', 'email'))
    .assertLeaves('sent')
    .assertProposes('demand:whatsapp');
});

test('channel that the tenant does not allow is passed over', () => {
  const situation = () => oneDayLate().reachable('letter', 'sms', 'email');
  ask(situation()).assertProposes('demand:sms');
  ask(situation(), { template: 'first-day-late', channels: ['email'] })
    .assertProposes('demand:email');
});

test('customer without a channel is unreachable', () => {
  ask(oneDayLate().reachable()).assertLeaves('unreachable').assertProposes();
});

test('balance below the minimum waits for the next item to be late', () => {
  const answer = ask(
    new SituationBuilder().invoice('inv-1', 1_999n, 1).invoice('inv-2', 5_000n, -4),
  );
  answer.assertStays(Wake.on(today + 5)).assertProposes().assertBecause('below-minimum');
  assert.equal(
    answer.decision.reasons[0]?.text,
    '19.99 BRL may be chased, and letters start at 20.00 BRL',
  );
});

test('balance at the minimum is worth a letter', () => {
  ask(new SituationBuilder().invoice('inv-1', 2_000n, 1)).assertLeaves('sent');
});

test('minimum of another currency does not count', () => {
  ask(new SituationBuilder().currency('JPY', 0).invoice('inv-1', 1n, 1)).assertLeaves('sent');
});

test('covered balance waits for the cover to end', () => {
  const until = today + 7;
  ask(oneDayLate().cover({ subject: 'inv-1', kind: 'promise', amount: 12_000n, until }))
    .assertStays(Wake.on(until + 1))
    .assertProposes();
});

test('disputed balance waits for an event', () => {
  ask(oneDayLate().cover({ subject: 'inv-1', kind: 'dispute', amount: 12_000n }))
    .assertStays(Wake.onEvent())
    .assertProposes();
});

test('resolved dispute brings the letter', () => {
  ask(oneDayLate().event('dispute.resolved', { subject: 'inv-1' }))
    .assertLeaves('sent')
    .assertProposes('demand:email');
});

test('deferred demand is proposed unchanged', () => {
  const first = ask(oneDayLate());
  const notBefore = now + 600n * 60_000n;
  const second = ask(oneDayLate().answered([
    { key: 'demand:email', ruling: 'deferred', rule: 'quiet-hours', notBefore },
  ]));
  second.assertLeaves('sent');
  assert.deepEqual(second.message('demand:email'), first.message('demand:email'));
});

test('woken after a deferral the demand goes out', () => {
  ask(oneDayLate().daysLater(1).woken()).assertLeaves('sent').assertProposes('demand:email');
});

test('paid while deferred no letter goes out', () => {
  ask(new SituationBuilder().woken()).assertStays(Wake.onEvent()).assertProposes();
});

test('refused channel gives way to the next', () => {
  ask(oneDayLate().answered([{ key: 'demand:email', ruling: 'refused', rule: 'grant' }]))
    .assertLeaves('sent')
    .assertProposes('demand:sms');
});

test('last channel refused is unreachable', () => {
  const situation = oneDayLate().reachable('email');
  ask(situation.answered([{ key: 'demand:email', ruling: 'refused', rule: 'grant' }]))
    .assertLeaves('unreachable')
    .assertProposes();
});

test('failed channel gives way to the next', () => {
  const failed = ask(oneDayLate()).next('failed', 'bounced');
  ask(failed.woken()).assertLeaves('sent').assertProposes('demand:sms');
});

test('all channels failed is unreachable', () => {
  const first = ask(oneDayLate()).next('failed', 'bounced');
  const second = ask(first.woken()).next('failed', 'no-route');
  ask(second.woken()).assertLeaves('unreachable').assertProposes();
});

test('bounce before leaving gives way to the next', () => {
  for (const state of /** @type {const} */ (['queued', 'done', 'failed'])) {
    const situation = ask(oneDayLate()).next(state);
    ask(situation.event('message.bounced', { subject: 'demand:email' }))
      .assertLeaves('sent')
      .assertProposes('demand:sms');
  }
  const confirmed = ask(oneDayLate()).next('confirmed', 'bounced');
  ask(confirmed.woken()).assertProposes('demand:sms');
});

test('cancelled demand is made again over the same channel', () => {
  const cancelled = ask(oneDayLate()).next('cancelled', 'amount-changed');
  ask(cancelled.woken()).assertLeaves('sent').assertProposes('demand:email');
});

test('second demand refused gives way to the next channel', () => {
  const cancelled = ask(oneDayLate()).next('cancelled', 'amount-changed');
  ask(cancelled.answered([{ key: 'demand:email', ruling: 'refused', rule: 'contact-cap' }]))
    .assertProposes('demand:sms');
});

test('demand on its way is not made twice', () => {
  ask(ask(oneDayLate()).next('queued').event('item.added', { subject: 'inv-2' }))
    .assertStays(Wake.afterMinutes(60))
    .assertProposes();
});

test('demand handed over leaves without another', () => {
  ask(ask(oneDayLate()).next('done').woken()).assertLeaves('sent').assertProposes();
});

test('demand of an earlier visit or another stage does not count', () => {
  const email = /** @type {const} */ ({
    key: 'demand:email', kind: 'send-message', channel: 'email',
  });
  const situation = oneDayLate()
    .stage({ visitsBefore: 1 })
    .effect({ ...email, state: 'done', at: now - 3_600_000n })
    .effect({ ...email, state: 'failed', stage: 'escalate' });
  ask(situation).assertLeaves('sent').assertProposes('demand:email');
});

test('config that cannot work is told with its pointer', () => {
  /** @param {unknown} settings */
  const pointers = (settings) => problemPointers(stage, settings);
  assert.deepEqual(pointers(config()), []);
  assert.deepEqual(pointers({}), ['']);
  assert.deepEqual(pointers({ template: 7 }), ['/template']);
  assert.deepEqual(pointers({ template: 'a', channels: [] }), ['/channels']);
  assert.deepEqual(pointers({ template: 'a', channels: ['sms', 'e mail'] }), ['/channels/1']);
  assert.deepEqual(pointers({ template: 'a', minimum: { BRL: '5,00' } }), ['/minimum/BRL']);
  assert.deepEqual(pointers({ template: 'a', minimun: {} }), ['/minimun']);
});

test('minimum finer than the currency is refused', () => {
  const settings = { template: 'a', minimum: { BRL: '5.005' } };
  assert.throws(
    () => ask(oneDayLate(), settings),
    (error) => error instanceof Refusal && error.reason.tag === 'bad-config',
  );
});

test('the letter says the same in both languages and has a way to pay', () => {
  const sources = ['en', 'pt-BR'].map((locale) =>
    readFileSync(new URL(`../templates/first-day-late.${locale}.yaml`, import.meta.url), 'utf8'));
  assertLetters('first-day-late', sources, ['links.pay']);
});
