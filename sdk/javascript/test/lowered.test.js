import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowered } from '../src/contract/lowered.js';

test('text with half of a surrogate pair can be told', () => {
  const answer = { reasons: [{ code: 'half', text: '\ud83d' }], memory: undefined };
  assert.equal(lowered(answer).reasons[0].text, '\ufffd');
});
