// When to ask again.

const MINUTES_MIN = 15;
const DAYS_MAX = 3_660;
const MINUTES_MAX = DAYS_MAX * 24 * 60;

function clamped(count, least, most, unit) {
  if (typeof count !== 'number' || Number.isNaN(count)) {
    throw new TypeError(`a wake-up is a number of ${unit}, not ${typeof count} ${String(count)}`);
  }
  return Math.min(Math.max(Math.ceil(count), least), most);
}

export const Wake = Object.freeze({
  afterMinutes: (minutes) => ({
    tag: 'after-minutes',
    val: clamped(minutes, MINUTES_MIN, MINUTES_MAX, 'minutes'),
  }),
  afterDays: (days) => ({ tag: 'after-days', val: clamped(days, 1, DAYS_MAX, 'days') }),
  afterBusinessDays: (days) => ({
    tag: 'after-business-days',
    val: clamped(days, 1, DAYS_MAX, 'business days'),
  }),
  on: (date) => ({ tag: 'on-date', val: date }),
  onEvent: () => ({ tag: 'on-event' }),
  at: (now, instant) => Wake.afterMinutes(Number(instant - now) / 60_000),
});
