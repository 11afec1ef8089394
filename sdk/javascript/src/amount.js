// Money in whole minor units, as bigint: a number would lose cents above 2^53.

import { Refusal } from './refusal.js';

const WHOLE = 10_000n;
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,4}))?$/;

const checked = (amount, what = 'an amount') => {
  if (typeof amount !== 'bigint') {
    throw new TypeError(`${what} is a bigint of minor units, not ${typeof amount} ${String(amount)}`);
  }
  return amount;
};

const ofBigInt = (count, what) => {
  if (!Number.isSafeInteger(count)) throw new RangeError(`${what} is a whole number, not ${count}`);
  return BigInt(count);
};

export function sum(amounts) {
  let total = 0n;
  for (const amount of amounts) total += checked(amount);
  return total;
}

export function share(amount, basisPoints, rounding) {
  const points = ofBigInt(basisPoints, 'a share in basis points');
  if (points < 0n || points > WHOLE) {
    throw new RangeError(`a share is 0 to 10000 basis points, not ${basisPoints}`);
  }
  const exact = checked(amount) * points;
  const sign = exact < 0n ? -1n : 1n;
  switch (rounding) {
    case 'down':
      return exact / WHOLE;
    case 'half-up':
      return (exact + (sign * WHOLE) / 2n) / WHOLE;
    case 'up':
      return (exact + sign * (WHOLE - 1n)) / WHOLE;
    default:
      throw new RangeError(`a rounding is down, half-up or up, not ${rounding}`);
  }
}

export function split(amount, parts) {
  const count = ofBigInt(parts, 'a number of parts');
  if (count < 1n) throw new RangeError(`there is at least one part, not ${parts}`);
  const rest = ((checked(amount) % count) + count) % count;
  const each = (amount - rest) / count;
  return Array.from({ length: parts }, (_, index) => (index < rest ? each + 1n : each));
}

export function format(amount, minorDigits) {
  const sign = checked(amount) < 0n ? '-' : '';
  const figures = String(amount < 0n ? -amount : amount).padStart(minorDigits + 1, '0');
  const point = figures.length - minorDigits;
  return sign + figures.slice(0, point) + (minorDigits > 0 ? `.${figures.slice(point)}` : '');
}

export function parse(text, minorDigits) {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = fraction.padEnd(minorDigits, '0');
  if (/[1-9]/.test(digits.slice(minorDigits))) return undefined;
  return BigInt(whole + digits.slice(0, minorDigits));
}

export function ofCurrency(amounts, balance) {
  const { currency, minorDigits } = balance;
  if (amounts === undefined || !Object.hasOwn(amounts, currency)) return undefined;
  const amount = parse(amounts[currency], minorDigits);
  if (amount === undefined) {
    const text = `an amount of ${currency} has more digits than the currency`;
    throw Refusal.badConfig([{ pointer: '', text }]);
  }
  return amount;
}
