#!/usr/bin/env node
// regua-build ENTRY -o OUT.wasm: makes a component of the stage that a module exports.

import { parseArgs } from 'node:util';
import { build } from '../src/build/build.js';

const USAGE = 'usage: regua-build ENTRY [-o OUT.wasm]';

try {
  const { values, positionals } = parseArgs({
    options: { output: { type: 'string', short: 'o' } },
    allowPositionals: true,
  });
  const [entry, ...rest] = positionals;
  if (entry === undefined || rest.length > 0) throw new Error(USAGE);
  const output = values.output ?? entry.replace(/\.[cm]?[jt]s$/, '') + '.wasm';
  const { bytes, sha256, seconds } = await build(entry, output);
  const size = (bytes / 1_048_576).toFixed(1);
  console.log(`${output}: ${size} MiB (${bytes} bytes), sha256 ${sha256}, ${seconds.toFixed(1)} s`);
} catch (error) {
  console.error(`regua-build: ${error.message}`);
  process.exitCode = 1;
}
