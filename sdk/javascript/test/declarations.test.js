import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const DECLARED = /^export (?:declare )?(?:const|class|function) (\w+)/gm;
/** What is the SDK's own alone, and so is in no declaration. */
const INTERNAL = { 'log.js': ['connect'] };

for (const folder of ['../src/', '../src/testkit/']) {
  const here = new URL(folder, import.meta.url);
  const modules = readdirSync(here).filter(
    (name) => name.endsWith('.js') && name !== 'index.js' && existsSync(declarationOf(here, name)),
  );
  for (const name of modules) {
    test(`${folder}${name} exports what its declaration says`, async () => {
      const declaration = readFileSync(declarationOf(here, name), 'utf8');
      const declared = Array.from(declaration.matchAll(DECLARED), ([, exported]) => exported);
      const exported = Object.keys(await import(new URL(name, here)))
        .filter((exported) => !INTERNAL[name]?.includes(exported));
      assert.deepEqual([...new Set(declared)].sort(), exported.sort());
    });
  }
}

function declarationOf(folder, name) {
  return new URL(name.replace(/\.js$/, '.d.ts'), folder);
}
