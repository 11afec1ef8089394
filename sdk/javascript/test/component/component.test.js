// Components run outside the host, by the same types: what was tested natively is what they do.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { SituationBuilder } from '@regua/sdk/testkit';
import { build } from '../../src/build/build.js';
import native from '../../examples/first-day-late/stage.js';

const folder = await mkdtemp(join(tmpdir(), 'regua-component-'));
after(() => rm(folder, { recursive: true }));

/** Builds a stage and gives the functions that its component exports, and the lines it logs. */
async function component(entry, name) {
  const wasm = join(folder, `${name}.wasm`);
  await build(fileURLToPath(new URL(entry, import.meta.url)), wasm);
  const log = `${name}-log.mjs`;
  const logged = 'export const lines = [];\n' +
    'export const write = (level, text) => lines.push(`${level}: ${text}`);\n';
  await writeFile(join(folder, log), logged);
  const map = { 'regua:dunning/log@1.0.0': `./${log}` };
  const { files } = await transpileBytes(await readFile(wasm), { name, map });
  for (const [path, bytes] of Object.entries(files)) {
    if (path.endsWith('.d.ts')) continue;
    const file = basename(path).replace(/\.js$/, '.mjs');
    await writeFile(join(folder, file), bytes);
  }
  const url = (file) => pathToFileURL(join(folder, file)).href;
  const { lines } = await import(url(log));
  return { ...(await import(url(`${name}.mjs`))), lines };
}

test('a component answers as its module does', async () => {
  const built = await component('../../examples/first-day-late/stage.js', 'example');
  assert.deepEqual(built.describe(), native.describe());
  const late = () => new SituationBuilder().invoice('inv-1', 12_000n, 1);
  const situations = [
    late(),
    late().reachable('carrier-pigeon'),
    late().cover({ subject: 'inv-1', kind: 'promise', amount: 12_000n, until: 20_260 }),
    late().reachable('sms', 'email').answered([{ key: 'demand:sms', ruling: 'refused' }]),
    late().effect({ key: 'demand:email', kind: 'send-message', channel: 'email', state: 'queued' }),
    new SituationBuilder().event('item.added', { subject: 'a', amount: 5n }).score(500),
  ];
  const config = JSON.stringify({ template: 't', minimum: { BRL: '20.00' } });
  for (const situation of situations) {
    const plain = (decision) => JSON.parse(JSON.stringify(decision));
    const answers = [built, native].map(({ decide }) => plain(decide(situation.build(), config)));
    assert.deepEqual(answers[0], answers[1]);
  }
  const bad = JSON.stringify({ channels: ['e mail'] });
  assert.deepEqual(built.checkConfig(bad), native.checkConfig(bad));
  assert.deepEqual(built.checkConfig(config), []);
});

test('an unruly stage is refused in words and never traps', async () => {
  const { decide, lines } = await component('./unruly.js', 'unruly');
  const ask = (deed, memory) => {
    const builder = new SituationBuilder();
    if (memory) builder.stage({ memory });
    return decide(builder.build(), JSON.stringify({ deed }));
  };
  const words = {
    throw: /^threw: Error: oh$/,
    clock: /a stage has no clock/,
    chance: /a stage has no chance/,
    network: /^threw: TypeError: a stage has no network: /,
    timer: /^threw: TypeError: a stage has no timers: /,
    number: /^breaks-contract: n\.amount is 5 \(number\)/,
  };
  for (const [deed, expected] of Object.entries(words)) {
    const told = ({ val }) => expected.test(`${val.code}: ${val.text}`);
    assert.throws(() => ask(deed), told, deed);
  }
  const [, line, column] = /^error: Error: oh\n.*at throw \(bundle\.js:(\d+):(\d+)\)/s.exec(lines[0]);
  const source = (await readFile(join(folder, 'unruly.bundle.js'), 'utf8')).split('\n');
  assert.equal(source[line - 1].slice(column - 1).match(/\w+/)?.[0], 'Error');
  assert.equal(ask('surrogate').reasons[0].text, '\ufffd');
  assert.equal(ask('unicode').reasons[0].text, 'true');
  ask('console');
  assert.equal(ask('engine').reasons[0].text, 'undefined undefined');
  assert.equal(ask('absent').reasons[0].text, 'undefined');
  ask('log');
  assert.equal(lines.at(-1), 'info: words');
  const { memory } = ask('remember');
  const again = ask('remember', memory).memory;
  assert.equal(new TextDecoder().decode(again), '{"calls":2}');
  const unfit = () => decide(new SituationBuilder().build(), '{}');
  assert.throws(unfit, ({ tag }) => tag === 'bad-config');
  // Recursion without end meets the host's bound on the stack: the call fails, and the instance is
  // of no use any more.
  assert.throws(() => ask('recurse'), RangeError);
});
