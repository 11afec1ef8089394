import type { Date, Weekday } from 'regua:dunning/types@1.0.0';

/** 0001-01-01. */
export const MIN: Date;
/** 9999-12-31. */
export const MAX: Date;

/** Days since 1970-01-01 of `"2025-06-11"`. Throws a `RangeError` at any other form. */
export function parse(text: string): Date;

/** The other way: `format(20250)` is `"2025-06-11"`. Throws a `RangeError` outside `MIN` to `MAX`. */
export function format(days: Date): string;

/** The day of the week. */
export function weekday(days: Date): Weekday;
