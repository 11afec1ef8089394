// One module of a stage, the SDK and what else it imports: the engine resolves no packages.

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const GLOBALS = fileURLToPath(new URL('./globals.js', import.meta.url));
const SDK = fileURLToPath(new URL('../', import.meta.url));
const TARGET = 'es2022';

/**
 * Minifies what is not the author's, whose names stay as they are in what a stage logs of an error.
 * The engine keeps each function's text in the memory that a call starts from; the closer together
 * lies what a call writes to, the fewer of its pages have to be mapped anew.
 */
const minified = {
  name: 'minified',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?js$/ }, async ({ path }) => {
      const isForeign = path.startsWith(SDK) || path.includes(`${sep}node_modules${sep}`);
      if (!isForeign) return undefined;
      const source = await readFile(path, 'utf8');
      const { code } = await esbuild.transform(source, { minify: true, target: TARGET });
      return { contents: code };
    });
  },
};

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
      plugins: [minified],
      external: ['regua:*'],
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: TARGET,
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
