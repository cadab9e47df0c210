/**
 * An item without the null fields of itself and of its `nested` objects: null is as absent.
 * Own keys stay own keys: `Object.fromEntries` defines them, so `__proto__` is still there to be refused.
 */
export function dropNulls(item: unknown, nested: ReadonlySet<string>): unknown {
  if (!isRecord(item)) return item;
  const entries = Object.entries(item)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, nested.has(key) && isRecord(value) ? withoutNulls(value) : value]);
  return Object.fromEntries(entries);
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
