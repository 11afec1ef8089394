import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { WIDE, lifted, lowered } from '../src/contract/crossing.js';

test('the fields of 64 bits are those of the contract', async () => {
  const wit = await readFile(new URL('../../../wit/v1/stage.wit', import.meta.url), 'utf8');
  const fields = /([a-z-]+): (?:option<)?(?:amount|timestamp|[su]64)\b/g;
  const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  const names = Array.from(wit.matchAll(fields), ([, name]) => camel(name));
  assert.deepEqual([...WIDE].sort(), [...new Set(names)].sort());
});

test('numbers of such fields become bigint, and nothing else is changed', () => {
  const record = { at: 5, items: [{ amount: -1, daysOverdue: 3 }], memory: Uint8Array.of(1) };
  assert.deepEqual(lifted(record), {
    at: 5n, items: [{ amount: -1n, daysOverdue: 3 }], memory: Uint8Array.of(1),
  });
  assert.equal(lifted({ amount: 2n ** 60n }).amount, 2n ** 60n);
});

test('text with half of a surrogate pair can be told', () => {
  const answer = { reasons: [{ code: 'half', text: '\ud83d' }], memory: undefined };
  assert.equal(lowered(answer).reasons[0].text, '\ufffd');
});
