import assert from 'node:assert/strict';
import test from 'node:test';
import { Refusal, amounts } from '@regua/sdk';

test('share rounds the same way on both sides of zero', () => {
  for (const [rounding, expected] of [['down', 1n], ['half-up', 2n], ['up', 2n]]) {
    assert.equal(amounts.share(3n, 5_000, rounding), expected);
    assert.equal(amounts.share(-3n, 5_000, rounding), -expected);
  }
  assert.equal(amounts.share(1_025n, 200, 'half-up'), 21n);
  assert.equal(amounts.share(10n ** 18n, 10_000, 'up'), 10n ** 18n);
});

test('parts add up to the whole and differ by one', () => {
  assert.deepEqual(amounts.split(100n, 3), [34n, 33n, 33n]);
  for (const whole of [-7n, 0n, 1n, 59n, 60n, 61n, 1_000_003n]) {
    for (let parts = 1; parts <= 60; parts += 1) {
      const split = amounts.split(whole, parts);
      assert.equal(split.length, parts);
      assert.equal(amounts.sum(split), whole);
      assert.ok(split[0] - split.at(-1) <= 1n);
    }
  }
});

test("amounts print with the currency's digits", () => {
  assert.equal(amounts.format(5n, 2), '0.05');
  assert.equal(amounts.format(-1_250n, 2), '-12.50');
  assert.equal(amounts.format(500n, 0), '500');
});

test('decimals are read exactly or not at all', () => {
  assert.equal(amounts.parse('20.00', 2), 2_000n);
  assert.equal(amounts.parse('20', 2), 2_000n);
  assert.equal(amounts.parse('500.00', 0), 500n);
  assert.equal(amounts.parse('500.50', 0), undefined);
  for (const bad of ['', '.5', '5.', '-5', '+5', '5,00', '1e3', '1.00000', '1234567890123', '1.2.3']) {
    assert.equal(amounts.parse(bad, 4), undefined, bad);
  }
});

test('numbers, and shares and parts that are none, are told', () => {
  assert.throws(() => amounts.sum([1]), /an amount is a bigint of minor units, not number 1/);
  assert.throws(() => amounts.share(1n, 10_001, 'up'), /0 to 10000 basis points, not 10001/);
  assert.throws(() => amounts.share(1n, 2.5, 'up'), /a whole number, not 2.5/);
  assert.throws(() => amounts.share(1n, 1, 'nearest'), /down, half-up or up, not nearest/);
  assert.throws(() => amounts.split(1n, 0), /at least one part, not 0/);
});

test('an amount of a config is that of the currency', () => {
  const balance = { currency: 'BRL', minorDigits: 2 };
  assert.equal(amounts.ofCurrency({ BRL: '5.00' }, balance), 500n);
  assert.equal(amounts.ofCurrency({ JPY: '5' }, balance), undefined);
  assert.equal(amounts.ofCurrency(undefined, balance), undefined);
  assert.throws(() => amounts.ofCurrency({ BRL: '5.005' }, balance), Refusal);
});
