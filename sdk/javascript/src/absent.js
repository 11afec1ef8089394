// What a stage has not, and says so instead of answering.

/** A function that says so, or a constructor. */
export const forbidden = (what, instead) => function refuse() {
  throw new TypeError(`a stage has no ${what}: ${instead}`);
};

const noNetwork = forbidden('network', 'what it knows is the situation and the config');
const noTimers = forbidden('timers', 'Decision.stay(Wake.afterDays(…)) has it asked again');

/** What a component has in their places: `build/globals.js` puts them there once. */
export const ABSENT = {
  fetch: noNetwork,
  XMLHttpRequest: noNetwork,
  setInterval: noTimers,
  setTimeout: noTimers,
};
