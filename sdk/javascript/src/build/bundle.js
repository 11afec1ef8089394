// One module of a stage, the SDK and what else it imports: the engine resolves no packages.

import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const GLOBALS = fileURLToPath(new URL('./globals.js', import.meta.url));

/** The module that the contract's exports come from. */
const main = (entry) => `
import stage from ${JSON.stringify(`./${basename(entry)}`)};
import { exported } from '@regua/sdk/guest';
import { write } from 'regua:dunning/log@1.0.0';
export const { describe, checkConfig, decide } = exported(stage, write);
`;

/**
 * Bundles the module at a path, JavaScript or TypeScript.
 * @param {string} entry
 * @returns {Promise<string>} an ES module that imports nothing but the contract
 * @throws {Error} that names the file and the line of each problem
 */
export async function bundle(entry) {
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: main(entry), resolveDir: dirname(resolve(entry)) },
      bundle: true,
      inject: [GLOBALS],
      external: ['regua:*'],
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      // A page has a `self`, whose address a library may ask for; a stage has none.
      define: { self: 'undefined' },
      charset: 'utf8',
      logLevel: 'silent',
      write: false,
    });
    return outputFiles[0].text;
  } catch (error) {
    if (!error.errors) throw error;
    const problems = error.errors.map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column}: ${text}` : text);
    throw new Error(`${entry} cannot be bundled: ${problems.join('; ')}`, { cause: error });
  }
}
