// A stage has no clock and no chance: what would break the promise that the same situation gives
// the same decision throws while a stage is asked.

const forbidden = (what, instead) => () => {
  throw new TypeError(`a stage has no ${what}: ${instead}`);
};

const noClock = forbidden('clock', 'the time is situation.now');
const noChance = forbidden('chance', 'customer.bucket splits customers into groups');

/** `Date`, but for what asks the clock. */
const Timeless = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    args.length === 0 ? noClock() : Reflect.construct(target, args, newTarget),
  apply: noClock,
  get: (target, name) => (name === 'now' ? noClock : Reflect.get(target, name)),
});

/** Calls a function that must not see a clock, nor chance, and gives back what it returns. */
export function withoutAmbient(call) {
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
