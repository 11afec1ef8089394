import assert from 'node:assert/strict';
import test from 'node:test';
import { Decision, Refusal, Wake, defineStage } from '@regua/sdk';
import { SituationBuilder, ask, checkConfig } from '@regua/sdk/testkit';
import { exported } from '../src/guest.js';

const definition = {
  name: 'anything',
  version: '1.0.0',
  summary: 'Does as the test says',
  proposes: [],
  outcomes: ['done'],
  schema: { type: 'object', properties: { n: { type: 'integer' } }, additionalProperties: false },
};
const stageOf = (decide, more) => defineStage({ ...definition, ...more, decide });
const leave = () => Decision.leave('done');
const lines = [];

/** What the component exports, with its log kept here. */
const guestOf = (stage) => exported(stage, (level, text) => lines.push(`${level}: ${text}`));

/** The contract's refusal that the component throws. */
function refusalOf(decide, config = '{}') {
  const { decide: asked } = guestOf(stageOf(decide));
  try {
    asked(new SituationBuilder().build(), config);
  } catch (refusal) {
    assert.ok(!(refusal instanceof Error), 'the bindings would trap on an Error');
    return refusal;
  }
  return assert.fail('there is no refusal');
}

test('whatever is thrown becomes a refusal, with its place in the log', () => {
  const threw = (text) => ({ tag: 'other', val: { code: 'threw', text } });
  const broken = refusalOf(() => undefined.balance);
  assert.match(broken.val.text, /^TypeError: Cannot read properties of undefined/);
  assert.match(lines.at(-1), /^error: TypeError: [\s\S]*stage\.test\.js:\d+/);
  assert.deepEqual(refusalOf(() => { throw 'text'; }), threw('text'));
  assert.deepEqual(
    refusalOf(() => { throw Object.create(null); }),
    threw('a object that has no text'),
  );
  const deep = () => deep() + 1;
  assert.match(refusalOf(deep).val.text, /RangeError/);
  assert.equal([...refusalOf(() => { throw 'x'.repeat(900); }).val.text].length, 500);
});

test('a refusal goes out as it is, unless it breaks the contract itself', () => {
  const own = Refusal.unsupported('no plans of one part');
  assert.deepEqual(refusalOf(() => { throw own; }), own.reason);
  const bad = refusalOf(() => { throw Refusal.other('', 'x'); });
  assert.equal(bad.val.code, 'breaks-contract');
});

test('what is no decision is told', () => {
  assert.match(refusalOf(() => undefined).val.text, /decide returned undefined, not a Decision/);
  assert.match(refusalOf(async () => leave()).val.text, /decide returned a promise/);
  assert.match(
    refusalOf(() => Decision.leave('elsewhere')).val.text,
    /^next is "elsewhere", not one of done$/,
  );
});

test('clock, chance, network and timers are refused', () => {
  for (const ambient of [() => Date.now(), () => new Date(), () => Math.random()]) {
    assert.match(refusalOf(ambient).val.text, /a stage has no (clock|chance)/);
  }
  const network = [() => fetch('https://a.example'), () => new XMLHttpRequest()];
  for (const ambient of network) assert.match(refusalOf(ambient).val.text, /a stage has no network/);
  const timers = [() => setTimeout(leave, 1), () => setInterval(leave, 1)];
  for (const ambient of timers) assert.match(refusalOf(ambient).val.text, /a stage has no timers/);
  assert.ok(Date.now() > 0 && Math.random() < 1, 'and given back');
  clearTimeout(setTimeout(leave, 1));
  assert.equal(typeof XMLHttpRequest, 'undefined');
  const dated = () => leave().because('day', new Date('2025-06-11').toISOString());
  ask(stageOf(dated), new SituationBuilder(), {}).assertLeaves('done');
});

test('a config that does not fit is refused with its pointer', () => {
  const pointer = (config) => refusalOf(leave, config).val[0].pointer;
  assert.deepEqual(refusalOf(leave, '{"n":1.5}'), {
    tag: 'bad-config',
    val: [{ pointer: '/n', text: 'Instance type "number" is invalid. Expected "integer".' }],
  });
  assert.equal(pointer('{"m":1}'), '/m');
  assert.equal(pointer('{"a/b~ç d":1}'), '/a~1b~0ç d');
  assert.equal(pointer('7'), '');
  assert.equal(pointer('{'), '');
});

test('a check of the config that breaks is a problem, not a trap', () => {
  const problem = { pointer: '/n', text: 'not on a Friday' };
  assert.deepEqual(checkConfig(stageOf(leave, { check: () => [problem] }), { n: 1 }), [problem]);
  for (const check of [() => { throw new Error('oh'); }, () => [{ pointer: 'n' }], () => null]) {
    const { checkConfig: asked } = guestOf(stageOf(leave, { check }));
    assert.match(asked('{}')[0].text, /^the check of the config failed: /);
  }
});

test('memory lives from one call to the next', () => {
  const stage = stageOf((situation, config, memory = { calls: 0 }) =>
    Decision.stay(Wake.onEvent()).remember({ calls: memory.calls + 1 }));
  const first = ask(stage, new SituationBuilder(), {});
  assert.deepEqual(first.memory, { calls: 1 });
  assert.deepEqual(ask(stage, first.next('done').woken(), {}).memory, { calls: 2 });
  assert.equal(ask(stageOf(leave), new SituationBuilder(), {}).memory, undefined);
});

test('memory that is no JSON is told', () => {
  const remembering = (memory) => refusalOf(() => leave().remember(memory)).val.code;
  assert.equal(remembering({ owed: 1n }), 'memory-unwritable');
  assert.equal(remembering(() => 1), 'memory-unwritable');
  const stage = stageOf(leave);
  const situation = new SituationBuilder().stage({ memory: new Uint8Array([123]) });
  assert.throws(() => ask(stage, situation, {}), /memory-unreadable/);
});

test('a definition that the host would not take is told at once', () => {
  const told = (more, words) => assert.throws(() => stageOf(leave, more), words);
  told({ name: 'Any Thing' }, /name is "Any Thing", not 1 to 64 characters of a-z, 0-9 and -/);
  told({ version: '1' }, /version is 1, not a semantic version/);
  told({ outcomes: ['paid'] }, /outcomes\[0\] is paid, the host's own/);
  told({ outcomes: ['a', 'a'] }, /outcomes has "a" twice/);
  told({ proposes: ['email'] }, /proposes\[0\] is "email", not one of send-message/);
  told({ listen: [] }, /has no field "listen"/);
  told({ schema: 'schema.json' }, /needs the JSON Schema of its config/);
  assert.throws(() => defineStage(definition), /needs a function decide/);
});

test('an entry without a stage is told', () => {
  assert.throws(() => exported(undefined, () => {}), /export default defineStage/);
});
