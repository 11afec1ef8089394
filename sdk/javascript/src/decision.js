// What a stage wants done, and where the case goes from there.

import { Refusal } from './refusal.js';
import { firstCharacters } from './text.js';

const REASON_TEXT_MAX = 500;

export class Decision {
  #next;
  #proposals = [];
  #reasons = [];
  #memory;

  constructor(next) {
    this.#next = next;
  }

  static stay(wake) {
    return new Decision({ tag: 'stay', val: wake });
  }

  static leave(outcome) {
    return new Decision({ tag: 'leave', val: outcome });
  }

  propose(key, action) {
    this.#proposals.push({ key, action });
    return this;
  }

  because(code, text) {
    this.#reasons.push({ code, text: firstCharacters(String(text), REASON_TEXT_MAX) });
    return this;
  }

  remember(memory) {
    this.#memory = memory;
    return this;
  }

  /** For the SDK alone: the contract's record. */
  static lower(decision) {
    return {
      proposals: decision.#proposals,
      next: decision.#next,
      memory: written(decision.#memory),
      reasons: decision.#reasons,
    };
  }
}

function written(memory) {
  if (memory === undefined) return undefined;
  let text;
  try {
    text = JSON.stringify(memory);
  } catch (error) {
    throw Refusal.other('memory-unwritable', error.message, { cause: error });
  }
  if (text === undefined) {
    throw Refusal.other('memory-unwritable', `a ${typeof memory} is no JSON`);
  }
  return new TextEncoder().encode(text);
}
