import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { contractTypes } from '../scripts/types.js';

test('the checked-in types are those of wit/v1/stage.wit', async () => {
  for (const [name, text] of await contractTypes()) {
    const checkedIn = readFileSync(new URL(`../types/${name}`, import.meta.url), 'utf8');
    assert.equal(text, checkedIn, `types/${name} is old: npm run types`);
  }
});
