// From a module that exports a stage to a component that the host takes.

import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { componentize } from '@bytecodealliance/componentize-js';
import { componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import { bundle } from './bundle.js';

const CONTRACT = fileURLToPath(new URL('../../../../wit/v1', import.meta.url));
const WORLD = 'stage';
/** The host's one function, and the types that it and the exports share. */
const IMPORTS = ['regua:dunning/log@1.0.0', 'regua:dunning/types@1.0.0'];
/** All that the engine would otherwise ask of WASI: the host has none of it. */
const WITHOUT = ['stdio', 'random', 'clocks', 'http', 'fetch-event'];

/**
 * Builds a component and writes it, whole or not at all.
 * @param {string} entry path of the module whose default export is a stage
 * @param {string} output path of the component
 * @returns {Promise<{ bytes: number, sha256: string, seconds: number }>}
 * @throws {Error} where the module cannot be bundled, or fails while it is run once
 */
export async function build(entry, output) {
  const started = performance.now();
  const component = await componentOf(await bundle(entry)).catch((error) => {
    throw new Error(`${entry} makes no component: ${reasonOf(error)}`, { cause: error });
  });
  const part = `${output}.part`;
  await writeFile(part, component);
  await rename(part, output);
  return {
    bytes: component.length,
    sha256: createHash('sha256').update(component).digest('hex'),
    seconds: (performance.now() - started) / 1_000,
  };
}

async function componentOf(source) {
  const folder = await mkdtemp(join(tmpdir(), 'regua-build-'));
  try {
    const sourcePath = join(folder, 'stage.js');
    await writeFile(sourcePath, source);
    const { component } = await componentize({
      sourcePath,
      witPath: CONTRACT,
      worldName: WORLD,
      disableFeatures: WITHOUT,
    });
    await refuseForeignImports(component);
    return component;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function refuseForeignImports(component) {
  const imports = (await componentWit(component)).matchAll(/^ {2}import (.+);$/gm);
  const foreign = Array.from(imports, ([, name]) => name).filter((name) => !IMPORTS.includes(name));
  if (foreign.length > 0) throw new Error(`the contract does not give ${foreign.join(', ')}`);
}

/** Of what the engine tells of a module that fails as it is loaded, the line that says why. */
function reasonOf({ message }) {
  const [, thrown] = /evaluating top-level script\n\S+ (.+)/.exec(message) ?? [];
  return thrown ?? message;
}
