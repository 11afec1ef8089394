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
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const name in value) {
    const inside = value[name];
    if (typeof inside === 'object') lifted(inside);
    else if (typeof inside === 'number' && WIDE.has(name)) value[name] = BigInt(inside);
  }
  return value;
}

/**
 * An answer as the engine can lower it, changed in place: half of a surrogate pair, at which it
 * traps, becomes U+FFFD.
 */
export function lowered(value) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const name in value) {
    const inside = value[name];
    if (typeof inside === 'object') lowered(inside);
    else if (typeof inside === 'string' && !inside.isWellFormed()) {
      value[name] = inside.toWellFormed();
    }
  }
  return value;
}
