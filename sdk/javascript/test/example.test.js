import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const RUST = '../../../plugins/first-day-late-email/';
const JAVASCRIPT = '../examples/first-day-late/';
const read = (folder, file) => readFileSync(new URL(folder + file, import.meta.url), 'utf8');

test('the example and the plugin in Rust share their schema and letters', () => {
  const letters = ['en', 'pt-BR'].map((locale) => `templates/first-day-late.${locale}.yaml`);
  for (const file of ['config.schema.json', ...letters]) {
    assert.equal(read(JAVASCRIPT, file), read(RUST, file), file);
  }
});
