// The contract's shapes and bounds, as checks to build others from. A check takes a value, the
// place it stands at and a list, and adds what it finds in words: it never throws.

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const LINE_BREAK = /[\t\n\r\u2028\u2029]/;
const encoder = new TextEncoder();

/** A value as an error shows it: short, and with its type where that is the point. */
export function show(value) {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return typeof value === 'string' || value === undefined || value === null
    ? short
    : `${short} (${typeof value})`;
}

const must = (holds, words) => (value, where, found) => {
  if (!holds(value)) found.push(`${where} is ${show(value)}, not ${words}`);
};

/** A whole number. */
export const integer = (least, most) =>
  must((n) => Number.isInteger(n) && n >= least && n <= most, `a whole number, ${least} to ${most}`);

export const boolean = must((value) => typeof value === 'boolean', 'true or false');

/** 1 to 10^15 minor units. */
export const amount = must(
  (n) => typeof n === 'bigint' && n >= 1n && n <= 10n ** 15n,
  'a bigint of minor units, 1n to 10^15',
);

export const date = integer(-719_162, 2_932_896);

export const oneOf = (names) => must((name) => names.includes(name), `one of ${names.join(', ')}`);

/** 1 to so many characters of `a-z`, `0-9` and these marks. */
export function word(marks, most = 64) {
  const form = new RegExp(`^[a-z0-9${marks.replaceAll('-', '\\-')}]{1,${most}}$`);
  return must(
    (text) => typeof text === 'string' && form.test(text),
    `1 to ${most} characters of a-z, 0-9 and ${[...marks].join(' ')}`,
  );
}

/** Text of so many characters, or with the unit `bytes` of so many bytes of UTF-8. */
export const text = (most, { unit = 'characters', least = 0, isLine = false } = {}) =>
  function check(value, where, found) {
    if (typeof value !== 'string') {
      found.push(`${where} is ${show(value)}, not text`);
      return;
    }
    if (value.length < least) found.push(`${where} has fewer than ${least} characters`);
    // A unit of UTF-16 is at most one character and at most three bytes: most texts are not counted.
    if (value.length * (unit === 'bytes' ? 3 : 1) > most) {
      const size = unit === 'bytes' ? encoder.encode(value).length : [...value].length;
      if (size > most) found.push(`${where} has ${size} ${unit} where ${most} are allowed`);
    }
    if (CONTROL.test(value)) found.push(`${where} has a control character: ${show(value)}`);
    if (isLine && LINE_BREAK.test(value)) found.push(`${where} is not one line: ${show(value)}`);
  };

export const line = (least, most) => text(most, { least, isLine: true });

/** Names something of the tenant's or the host's own. */
export const reference = line(1, 200);

export const optional = (check) => (value, where, found) => {
  if (value !== undefined) check(value, where, found);
};

/** A list of so many, each of which fits. */
export const list = (check, least, most) => (value, where, found) => {
  if (!Array.isArray(value)) {
    found.push(`${where} is ${show(value)}, not a list`);
    return;
  }
  if (value.length < least || value.length > most) {
    found.push(`${where} has ${value.length} entries where ${least} to ${most} are allowed`);
  }
  value.forEach((entry, index) => check(entry, `${where}[${index}]`, found));
};

/** The same, and no two of a name. */
export const distinct = (check, least, most, nameOf = (entry) => entry) => {
  const all = list(check, least, most);
  return (value, where, found) => {
    all(value, where, found);
    if (!Array.isArray(value)) return;
    const names = value.map((entry) => nameOf(entry ?? {}));
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) found.push(`${where} has ${show(twice)} twice`);
  };
};

/** An object of these fields and no others. */
export const record = (fields) => (value, where, found) => {
  if (typeof value !== 'object' || value === null) {
    found.push(`${where} is ${show(value)}, not an object`);
    return;
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) found.push(`${where} has no field ${show(name)}`);
  }
  for (const [name, check] of Object.entries(fields)) {
    check(value[name], where === '' ? name : `${where}.${name}`, found);
  }
};

/** A variant: `tag` names the case, `val` is what it carries. */
export const variant = (cases) => (value, where, found) => {
  const tag = value?.tag;
  if (typeof tag !== 'string' || !Object.hasOwn(cases, tag)) {
    found.push(`${where} is ${show(tag ?? value)}, not one of ${Object.keys(cases).join(', ')}`);
    return;
  }
  cases[tag](value.val, where, found);
};

/** What a case carries that carries nothing. */
export const nothing = must((value) => value === undefined, 'absent');
