import assert from 'node:assert/strict';
import test from 'node:test';
import {
  Situation, detail, earliestNotBefore, isChaseable, isPastDue, totalChaseable,
} from '@regua/sdk';
import { SituationBuilder } from '@regua/sdk/testkit';

const built = (builder) => new Situation(builder.build());
const { today } = new SituationBuilder();
const letter = (channel, state) => ({
  key: `notice:${channel}`, kind: 'send-message', channel, state,
});

test('sums follow from items and covers', () => {
  const { balance, items } = built(
    new SituationBuilder()
      .invoice('b', 5_000n, 3)
      .invoice('a', 7_000n, 10)
      .invoice('c', 1_000n, -2)
      .item({ key: 'd', original: 400n, dueOn: today - 5, disposition: 'placed' })
      .cover({ subject: 'a', kind: 'promise', amount: 2_000n, until: today + 4 }),
  );
  assert.deepEqual(items.map(({ key }) => key), ['a', 'd', 'b', 'c']);
  assert.equal(balance.outstanding, 13_400n);
  assert.equal(balance.pastDue, 12_400n);
  assert.equal(balance.chaseable, 10_000n);
  assert.equal(balance.anchor, today - 10);
  assert.equal(balance.daysOverdue, 10);
  assert.equal(totalChaseable(items.filter(isPastDue)), 10_000n);
  assert.deepEqual(items.filter(isChaseable).map(({ key }) => key), ['a', 'b', 'c']);
  assert.equal(balance.nextChangeAfter(today), today + 3);
  assert.equal(balance.item('b')?.dueOn, today - 3);
  assert.equal(balance.display(1_250n), '12.50 BRL');
});

test('a hold covers all there is', () => {
  const held = built(new SituationBuilder().invoice('a', 700n, 1).cover({ kind: 'hold' }));
  assert.equal(held.balance.chaseable, 0n);
  assert.equal(held.balance.covers[0].amount, 700n);
});

test('a failed letter closes its channel, a deferral closes none', () => {
  const builder = () => new SituationBuilder().reachable('email', 'sms', 'carrier-pigeon');
  const failed = built(builder().effect(letter('email', 'failed'))).letters('notice');
  assert.equal(failed.latest, 'failed');
  assert.deepEqual(['email', 'sms', 'phone'].map((name) => failed.isOpen(name)), [false, true, false]);
  const deferred = builder().answered([{ key: 'notice:sms', ruling: 'deferred', rule: 'cap' }]);
  assert.ok(built(deferred).letters('notice').isOpen('sms'));
  const refused = builder().answered([{ key: 'notice:sms', ruling: 'refused', rule: 'grant' }]);
  assert.deepEqual(built(refused).letters('notice').refused, { channel: 'sms', rule: 'grant' });
  assert.ok(!built(refused).letters('notice').isOpen('sms'));
  assert.ok(built(builder()).letters('notice').hasKey('notice:carrier-pigeon'));
  assert.ok(!built(builder()).letters('notice').hasKey('notices:email'));
});

test('a bounce that the call is about fails the letter', () => {
  const bounced = new SituationBuilder()
    .effect(letter('email', 'done'))
    .event('message.bounced', { subject: 'notice:email', details: { code: '550' } });
  const situation = built(bounced);
  assert.equal(situation.letters('notice').latest, 'failed');
  assert.equal(detail(situation.event, 'code'), '550');
});

test('the event stays known when the stage is asked again about it', () => {
  const situation = built(
    new SituationBuilder()
      .event('payment.received', { amount: 5n })
      .answered([
        { key: 'a', ruling: 'deferred', notBefore: 9n },
        { key: 'b', ruling: 'deferred', notBefore: 7n },
        { key: 'c', ruling: 'allowed' },
      ]),
  );
  assert.equal(situation.event?.kind, 'payment.received');
  assert.equal(earliestNotBefore(situation.verdicts), 7n);
  assert.equal(earliestNotBefore([]), undefined);
  assert.equal(situation.stage.callsBefore, 2);
});

test('what is known of the customer goes by names', () => {
  const { customer, history } = built(
    new SituationBuilder()
      .customer({ attributes: { tier: 'gold' }, methods: [{ key: 'm1', kind: 'card' }] })
      .history({ contacts: { sms: { last7Days: 1, last30Days: 2, total: 3 } } }),
  );
  assert.equal(customer.attributes.get('tier'), 'gold');
  assert.equal(customer.defaultMethod?.key, 'm1');
  assert.equal(customer.country, 'BR');
  assert.deepEqual(history.contactsOver('sms'), { last7Days: 1, last30Days: 2, total: 3 });
  assert.deepEqual(history.contactsOver('email'), { last7Days: 0, last30Days: 0, total: 0 });
});
