// What the engine lacks of the platform, for the SDK and for what a stage imports: text as UTF-8, as
// much of addresses as references within a JSON Schema need, a console that leads nowhere, and what
// says of itself that no stage has it.

import { normalize, parse, resolve } from 'fast-uri';
import { ABSENT } from '../absent.js';

class TextEncoder {
  encode(text = '') {
    // Half of a surrogate pair becomes U+FFFD, as it does everywhere.
    const whole = String(text).toWellFormed();
    const bytes = [];
    for (let at = 0; at < whole.length; at += 1) {
      const code = whole.codePointAt(at);
      if (code < 0x80) {
        bytes.push(code);
      } else if (code < 0x800) {
        bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
      } else if (code < 0x10000) {
        bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
      } else {
        const [first, second] = [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f)];
        bytes.push(first, second, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
        at += 1;
      }
    }
    return Uint8Array.from(bytes);
  }
}

class TextDecoder {
  /** @throws {TypeError} where the bytes are no UTF-8: nothing is made up in their place */
  decode(bytes = []) {
    const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
    try {
      return decodeURIComponent(escaped.join(''));
    } catch {
      throw new TypeError('the bytes are no UTF-8');
    }
  }
}

class URL {
  constructor(reference, base) {
    const whole = base === undefined ? String(reference) : resolve(String(base), String(reference));
    if (parse(whole).scheme === undefined) throw new TypeError(`${whole} is no whole address`);
    this.href = normalize(whole);
    const fragment = this.href.indexOf('#');
    this.hash = fragment < 0 ? '' : this.href.slice(fragment);
  }

  toString() {
    return this.href;
  }
}

// The engine's own would write to an output, which no stage has: the host's log is for that.
const nowhere = () => {};
const console = Object.fromEntries(
  ['debug', 'error', 'info', 'log', 'trace', 'warn'].map((name) => [name, nowhere]),
);

Object.assign(globalThis, ABSENT, { console, TextDecoder, TextEncoder, URL });
