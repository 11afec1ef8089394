import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { lifted } from '../src/contract/lifted.js';

const wit = (await readFile(new URL('../../../wit/v1/stage.wit', import.meta.url), 'utf8'))
  .replaceAll(/\/\/.*/g, '');
/** By the name of a type: its keyword and its fields or cases, or what it is another name of. */
const types = new Map([
  ...Array.from(wit.matchAll(/type ([a-z-]+) = (\w+);/g), ([, name, of]) => [name, { of }]),
  ...Array.from(wit.matchAll(/(record|variant|enum) ([a-z-]+) \{([^}]*)\}/g),
    ([, keyword, name, inside]) => [name, { keyword, fields: fieldsOf(inside) }]),
]);

function fieldsOf(inside) {
  const fields = inside.matchAll(/([a-z][a-z0-9-]*)(?:(?:: |\()((?:[^<>,()]|<(?:[^<>]|<[^<>]*>)*>)+)\)?)?/g);
  return Array.from(fields, ([, name, type]) => [name, type?.trim()]);
}

const camel = (name) => name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());

/**
 * A value of a type: as the engine gives it, or as the contract has it.
 * @param by `isEngine`, whether options are `present`, and which case of a trigger it is
 */
function valueOf(type, by) {
  const [, outer, inner] = /^(\w+)<(.*)>$/.exec(type) ?? [];
  switch (outer) {
    case 'option':
      if (by.present) return valueOf(inner, by);
      return by.isEngine ? null : undefined;
    case 'list':
      return inner === 'u8' ? Uint8Array.of(1) : [valueOf(inner, by)];
    case 'tuple':
      return inner.split(', ').map((each) => valueOf(each, by));
    default:
      return plainValueOf(type, by);
  }
}

function plainValueOf(type, by) {
  if (type === 'string') return 'text';
  if (type === 'bool') return true;
  if (/^[us](8|16|32)$/.test(type)) return 7;
  if (/^[us]64$/.test(type)) return by.isEngine ? 7 : 7n;
  const { of, keyword, fields } = types.get(type);
  if (of !== undefined) return valueOf(of, by);
  if (keyword === 'enum') return fields[0][0];
  if (keyword === 'record') {
    return Object.fromEntries(fields.map(([name, inner]) => [camel(name), valueOf(inner, by)]));
  }
  const [tag, inner] = fields.find(([name]) => name === by.trigger) ?? fields[0];
  return inner === undefined ? { tag } : { tag, val: valueOf(inner, by) };
}

for (const [trigger] of types.get('trigger').fields) {
  for (const present of [true, false]) {
    const name = `${trigger}, with ${present ? 'all' : 'nothing'} that may be absent`;
    test(`a whole situation is lifted as the contract has it: ${name}`, () => {
      const engine = valueOf('situation', { isEngine: true, present, trigger });
      const contract = valueOf('situation', { isEngine: false, present, trigger });
      assert.equal(contract.trigger.tag, trigger);
      assert.deepEqual(lifted(engine), contract);
    });
  }
}

test('an integer that no number holds comes as it is', () => {
  const engine = valueOf('situation', { isEngine: true, present: true, trigger: 'entered' });
  engine.balance.outstanding = 2n ** 60n;
  assert.equal(lifted(engine).balance.outstanding, 2n ** 60n);
});
