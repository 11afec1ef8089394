// Templates that a stage comes with.

import assert from 'node:assert/strict';

export function assertLetters(name, sources, needed) {
  for (const source of sources) {
    const same = [placeholders(source), placeholders(sources[0])];
    assert.deepEqual(...same, `${name}: the languages do not say the same`);
    for (const part of ['subject: ', 'text: |', 'short: ']) {
      const hasPart = source.split('\n').some((line) => line.startsWith(part));
      assert.ok(hasPart, `${name} lacks ${JSON.stringify(part)}:\n${source}`);
    }
    const short = source.split('\nshort: ')[1] ?? '';
    for (const placeholder of needed) {
      for (const text of [source, short]) {
        assert.ok(text.includes(`{{ ${placeholder} }}`), `${name} lacks ${placeholder}:\n${text}`);
      }
    }
    for (const address of ['://', 'www.']) {
      assert.ok(!source.includes(address), `${name} has a web address:\n${source}`);
    }
  }
}

/**
 * The placeholders and blocks of a source, sorted. One that stands several times counts once:
 * languages differ in how often they name a thing.
 */
function placeholders(source) {
  const found = source.matchAll(/\{\{-?\s*(.*?)\s*-?\}\}|\{%-?\s*(.*?)\s*-?%\}/gs);
  return [...new Set(Array.from(found, ([, value, block]) => value ?? block))].sort();
}
