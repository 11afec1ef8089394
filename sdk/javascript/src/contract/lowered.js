/**
 * An answer as a component's engine can lower it, changed in place: half of a surrogate pair, at
 * which the engine traps, becomes U+FFFD.
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
