// What a component's engine does not carry over as the contract has it.

/** Names of the fields with an integer of 64 bits, wherever in a situation they stand. */
export const WIDE = new Set([
  'amount', 'at', 'atMost', 'chaseable', 'credit', 'entered', 'lastContact', 'lastPayment',
  'lastReply', 'lateByMs', 'notBefore', 'original', 'outstanding', 'pastDue', 'planned',
]);

/**
 * A situation as a stage has it, changed in place: the engine lifts an integer of 64 bits that a
 * number can hold as a number, and a stage has all of them as bigint.
 */
export function lifted(value) {
  return walked(value, (name, inside) =>
    (typeof inside === 'number' && WIDE.has(name) ? BigInt(inside) : inside));
}

/**
 * An answer as the engine can lower it, changed in place: half of a surrogate pair, at which it
 * traps, becomes U+FFFD.
 */
export function lowered(value) {
  return walked(value, (name, inside) =>
    (typeof inside === 'string' ? inside.toWellFormed() : inside));
}

function walked(value, leaf) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const [name, inside] of Object.entries(value)) {
    if (typeof inside === 'object') walked(inside, leaf);
    else value[name] = leaf(name, inside);
  }
  return value;
}
