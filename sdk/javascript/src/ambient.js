// A stage has no clock, no chance and no network: what would break the promise that the same
// situation gives the same decision throws while a stage is asked.

import { ABSENT, forbidden } from './absent.js';

const noClock = forbidden('clock', 'the time is situation.now');
const noChance = forbidden('chance', 'customer.bucket splits customers into groups');

/** `Date`, but for what asks the clock. */
const Timeless = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    args.length === 0 ? noClock() : Reflect.construct(target, args, newTarget),
  apply: noClock,
  get: (target, name) => (name === 'now' ? noClock : Reflect.get(target, name)),
});

/** Calls a function that must see nothing of these, and gives back what it returns. */
export function withoutAmbient(call) {
  return globalThis.fetch === ABSENT.fetch ? timeless(call) : withoutPlatform(call);
}

/** In tests: without what Node.js has, too. */
function withoutPlatform(call) {
  const there = Object.keys(ABSENT).map((name) =>
    [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const [name, value] of Object.entries(ABSENT)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  try {
    return timeless(call);
  } finally {
    for (const [name, was] of there) {
      if (was === undefined) delete globalThis[name];
      else Object.defineProperty(globalThis, name, was);
    }
  }
}

function timeless(call) {
  const [{ random }, RealDate] = [Math, globalThis.Date];
  Math.random = noChance;
  globalThis.Date = Timeless;
  try {
    return call();
  } finally {
    Math.random = random;
    globalThis.Date = RealDate;
  }
}
