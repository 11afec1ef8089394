import type { Amount, Balance } from 'regua:dunning/types@1.0.0';

/**
 * What becomes of the fraction of a minor unit: `down` is towards zero, `half-up` to the nearest
 * with a half away from zero, `up` away from zero.
 */
export type Rounding = 'down' | 'half-up' | 'up';

/** Amounts as a tenant writes them in a config, by currency: `{ BRL: "20.00", JPY: "500" }`. */
export type AmountByCurrency = Readonly<Record<string, string>>;

/** The sum, in minor units; `0n` of none. Throws a `TypeError` at what is no bigint. */
export function sum(amounts: Iterable<Amount>): Amount;

/**
 * The share of an amount, in minor units.
 * @param basisPoints hundredths of a percent, 0 to 10000; anything else throws a `RangeError`
 */
export function share(amount: Amount, basisPoints: number, rounding: Rounding): Amount;

/**
 * So many amounts that add up to the whole and differ by one minor unit at most, the larger first.
 * @param parts 1 or more; anything else throws a `RangeError`
 */
export function split(amount: Amount, parts: number): Amount[];

/**
 * The amount with a decimal point: `format(1250n, 2)` is `"12.50"`.
 * @param minorDigits how many digits the minor unit has: `balance.minorDigits`
 */
export function format(amount: Amount, minorDigits: number): string;

/**
 * The other way: `parse("12.50", 2)` is `1250n`. Undefined where the text is not 1 to 12 digits
 * with at most 4 decimals, or finer than the minor unit: nothing is ever rounded.
 */
export function parse(text: string, minorDigits: number): Amount | undefined;

/**
 * The amount that a config names for the currency of a balance; undefined where it names none.
 * Throws a `Refusal` where it is finer than the currency.
 */
export function ofCurrency(
  amounts: AmountByCurrency | undefined,
  balance: Pick<Balance, 'currency' | 'minorDigits'>,
): Amount | undefined;
