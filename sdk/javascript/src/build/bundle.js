// One module of a stage, the SDK and what else it imports: the engine resolves no packages.

import { basename, dirname, resolve } from 'node:path';
import * as esbuild from 'esbuild';

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
      external: ['regua:*'],
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      // The engine has a `self` of a page, whose address it may not ask for.
      define: { self: 'undefined' },
      // The engine has no Unicode tables: such a literal would not even parse, used or not.
      supported: { 'regexp-unicode-property-escapes': false },
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
