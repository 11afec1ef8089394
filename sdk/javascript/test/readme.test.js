// The README's stage and its test are true.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const README = new URL('../README.md', import.meta.url);
// Inside the package, where its own name leads to it.
const folder = await mkdtemp(fileURLToPath(new URL('scratch-', import.meta.url)));
after(() => rm(folder, { recursive: true }));

const blocks = (await readFile(README, 'utf8')).matchAll(/```js\n\/\/ (\S+\.js)[\s\S]*?```/g);
const files = Array.from(blocks, ([block, name]) => [name, block.slice(6, -3)]);
for (const [name, text] of files) await writeFile(join(folder, name), text);
await import(pathToFileURL(join(folder, 'stage.test.js')).href);
