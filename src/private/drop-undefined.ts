/** A copy without the keys whose value is `undefined`, which must not replace a default. */
export function dropUndefined<T extends object>(options: T): Partial<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
