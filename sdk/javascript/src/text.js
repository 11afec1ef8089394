// Text that keeps to the contract's bounds, for an explanation must not undo a decision.

const TEXT_MAX = 500;
const CONTROL_OR_BREAK = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** The text, or its beginning where it has more characters than so many. */
export function firstCharacters(text, most) {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}

/** One line without control characters, of at most 500 characters. */
export function inBounds(text) {
  return firstCharacters(String(text).replace(CONTROL_OR_BREAK, ' '), TEXT_MAX);
}
