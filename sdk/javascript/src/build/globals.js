// What the engine lacks of the platform, for the SDK and for what a stage imports: text as UTF-8, as
// much of addresses as references within a JSON Schema need, and a console that leads nowhere.

import { normalize, parse, resolve } from 'fast-uri';

class TextEncoder {
  encode(text = '') {
    // Half of a surrogate pair becomes U+FFFD, as it does everywhere.
    const escaped = encodeURIComponent(String(text).toWellFormed());
    const bytes = [];
    for (let at = 0; at < escaped.length; at += 1) {
      if (escaped[at] === '%') {
        bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
        at += 2;
      } else {
        bytes.push(escaped.charCodeAt(at));
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

Object.assign(globalThis, { console, TextDecoder, TextEncoder, URL });
