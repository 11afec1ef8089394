import assert from 'node:assert/strict';
import test from 'node:test';
import { Wake, dates } from '@regua/sdk';

test('known days have their numbers', () => {
  for (const [text, days] of [['1970-01-01', 0], ['2000-02-29', 11_016], ['2025-06-11', 20_250]]) {
    assert.equal(dates.parse(text), days);
    assert.equal(dates.format(days), text);
  }
  assert.equal(dates.parse('0001-01-01'), dates.MIN);
  assert.equal(dates.parse('9999-12-31'), dates.MAX);
  assert.equal(dates.weekday(20_250), 'wednesday');
  assert.equal(dates.weekday(-1), 'wednesday');
});

test('every day of four centuries survives its text', () => {
  for (let days = dates.parse('1999-01-01'); days <= dates.parse('2400-01-01'); days += 1) {
    assert.equal(dates.parse(dates.format(days)), days);
  }
});

test('days that are none are refused', () => {
  const bad = ['2025-02-29', '2025-13-01', '2025-00-10', '0000-01-01', '2025-6-11', '+025-06-11', ''];
  for (const text of bad) assert.throws(() => dates.parse(text), /YYYY-MM-DD/, text);
  for (const days of [0.5, NaN, dates.MAX + 1]) assert.throws(() => dates.format(days), RangeError);
});

test('wake-ups keep to their bounds', () => {
  assert.deepEqual(Wake.afterMinutes(1), { tag: 'after-minutes', val: 15 });
  assert.deepEqual(Wake.afterMinutes(Infinity), { tag: 'after-minutes', val: 5_270_400 });
  assert.deepEqual(Wake.afterDays(0), { tag: 'after-days', val: 1 });
  assert.deepEqual(Wake.afterDays(1.5), { tag: 'after-days', val: 2 });
  assert.deepEqual(Wake.afterBusinessDays(9_999), { tag: 'after-business-days', val: 3_660 });
  assert.deepEqual(Wake.at(0n, 16n * 60_000n + 1n), { tag: 'after-minutes', val: 17 });
  assert.deepEqual(Wake.at(1n, 0n), { tag: 'after-minutes', val: 15 });
  assert.throws(() => Wake.afterDays(3n), /a number of days, not bigint 3/);
});
