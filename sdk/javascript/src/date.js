// Civil dates, as the contract has them: days since 1970-01-01.

const DAY_MS = 86_400_000;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export const MIN = -719_162;
export const MAX = 2_932_896;

export function parse(text) {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  const days = ms / DAY_MS;
  if (!(days >= MIN) || format(days) !== text) {
    throw new RangeError(`a date has the form YYYY-MM-DD, not ${JSON.stringify(text)}`);
  }
  return days;
}

export function format(days) {
  if (!Number.isInteger(days) || days < MIN || days > MAX) {
    throw new RangeError(`a date is ${MIN} to ${MAX} whole days since 1970-01-01, not ${days}`);
  }
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

export function weekday(days) {
  // 1970-01-01 was a Thursday.
  return WEEKDAYS[(((days + 3) % 7) + 7) % 7];
}
