// Writes the contract's types, made from wit/v1/stage.wit, into types/.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $init, generateTypes } from '@bytecodealliance/jco-transpile/component';

const CONTRACT = new URL('../../../wit/v1/stage.wit', import.meta.url);
const TYPES = fileURLToPath(new URL('../types/', import.meta.url));
const HEADER = '// Made from wit/v1/stage.wit by `npm run types`: edit that, and not this.\n';

/**
 * The type declarations of the contract, as a guest sees it.
 * @returns {Promise<Map<string, string>>} each file's text by its name under `types/`
 */
export async function contractTypes() {
  await $init;
  const wit = { tag: 'source', val: await readFile(CONTRACT, 'utf8') };
  const options = { wit, world: 'stage', guest: true, instantiation: undefined, tlaCompat: false };
  const decoder = new TextDecoder();
  const tidy = (bytes) => HEADER + decoder.decode(bytes).replace(/[ \t]+$/gm, '').trimEnd() + '\n';
  return new Map(generateTypes('stage', options).map(([name, bytes]) => [name, tidy(bytes)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of await contractTypes()) {
    await mkdir(dirname(join(TYPES, name)), { recursive: true });
    await writeFile(join(TYPES, name), text);
    console.log(`types/${name}`);
  }
}
