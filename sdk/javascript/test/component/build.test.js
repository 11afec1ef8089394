import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from '../../src/build/build.js';

const folder = await mkdtemp(fileURLToPath(new URL('../scratch-', import.meta.url)));
after(() => rm(folder, { recursive: true }));

const broken = {
  'has-no-stage.js': ['export default 1;', /makes no component: .*the entry has no stage/],
  'fails.js': ['export default defineStag({});', /makes no component: .*defineStag is not defined/],
  'needs-node.js': ["import 'node:fs';", /needs-node\.js:1:7: Could not resolve "node:fs"/],
  'no-syntax.js': ['export default {', /no-syntax\.js:1:16: Expected identifier/],
};

for (const [name, [source, words]] of Object.entries(broken)) {
  test(`${name} is told and leaves nothing behind`, async () => {
    const entry = join(folder, name);
    await writeFile(entry, source);
    await assert.rejects(build(entry, `${entry}.wasm`), words);
    assert.deepEqual((await readdir(folder)).filter((file) => file.includes('.wasm')), []);
  });
}
