// From a module that exports a stage to a component that the host takes.

import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { componentWit } from '@bytecodealliance/jco-transpile/wasm-tools';
import { componentize } from 'componentize-qjs';
import { bundle } from './bundle.js';

const CONTRACT = fileURLToPath(new URL('../../../../wit/v1', import.meta.url));
const WORLD = 'stage';
/** The host's one function, and the types that it and the exports share. */
const IMPORTS = ['regua:dunning/log@1.0.0', 'regua:dunning/types@1.0.0'];

/**
 * Builds a component and writes it, whole or not at all; beside it, as `NAME.bundle.js`, the module
 * that it was made of, by whose lines it tells of errors.
 * @param {string} entry path of the module whose default export is a stage
 * @param {string} output path of the component
 * @returns {Promise<{ bytes: number, sha256: string, seconds: number }>}
 * @throws {Error} where the module cannot be bundled, or fails while it is run once
 */
export async function build(entry, output) {
  const started = performance.now();
  const source = await bundle(entry);
  const component = await componentOf(source).catch((error) => {
    throw new Error(`${entry} makes no component: ${reasonOf(error)}`, { cause: error });
  });
  await replace(`${output.replace(/\.wasm$/, '')}.bundle.js`, source);
  await replace(output, component);
  return {
    bytes: component.length,
    sha256: createHash('sha256').update(component).digest('hex'),
    seconds: (performance.now() - started) / 1_000,
  };
}

async function replace(file, content) {
  const part = `${file}.part`;
  await writeFile(part, content);
  await rename(part, file);
}

async function componentOf(source) {
  const { component } = await componentize({
    jsSource: source,
    witPath: CONTRACT,
    world: WORLD,
    // The host has no WASI, and nothing that a call could wait for.
    stubWasi: true,
    sync: true,
    // An instance is asked once, and dropped.
    disableGc: true,
  });
  await refuseForeignImports(component);
  return component;
}

async function refuseForeignImports(component) {
  const imports = (await componentWit(component)).matchAll(/^ {2}import (.+);$/gm);
  const foreign = Array.from(imports, ([, name]) => name).filter((name) => !IMPORTS.includes(name));
  if (foreign.length > 0) throw new Error(`the contract does not give ${foreign.join(', ')}`);
}

/** Of what the engine tells of a module that fails as it is loaded, the line that says why. */
function reasonOf({ message }) {
  const [, thrown] = /JavaScript module evaluation: (.+)/.exec(message) ?? [];
  return thrown ?? message;
}
