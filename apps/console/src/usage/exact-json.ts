/**
 * JSON in which a `bigint` is a number with all its digits. JSON's integers have no bound; JavaScript's `number` has, so
 * who sums beyond 2^53 reads them with a parser that keeps integers whole.
 */
export function exactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${exactJson(entry)}`).join(',')}}`;
}
