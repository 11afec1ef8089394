// The stage, without WebAssembly and without a host, through the path that its component takes.

import assert from 'node:assert/strict';
import test from 'node:test';
import {
  SituationBuilder, ask as askStage, assertListensToTheRegister, problemPointers,
} from '@regua/sdk/testkit';
import stage from '../stage.js';

const oneDayLate = () => new SituationBuilder().invoice('inv-1', 12_000n, 1);

/** @param {SituationBuilder} situation */
const ask = (situation) => askStage(stage, situation, { template: 'friendly-note' });

test('it listens to what the contract tells', () => assertListensToTheRegister(stage));

test('a customer with an e-mail gets one note', () => {
  ask(oneDayLate()).assertLeaves('sent').assertProposes('note:email').assertBecause('entered');
});

test('a customer without an e-mail is unreachable', () => {
  ask(oneDayLate().reachable('sms')).assertLeaves('unreachable').assertProposes();
});

test('a note that the host refuses is not proposed again', () => {
  const refused = { key: 'note:email', ruling: /** @type {const} */ ('refused'), rule: 'grant' };
  ask(oneDayLate().answered([refused])).assertLeaves('unreachable').assertProposes();
});

test('a config without a template is told', () => {
  assert.deepEqual(problemPointers(stage, {}), ['']);
});
