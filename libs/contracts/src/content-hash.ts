import { hash } from 'node:crypto';
import { DEFAULT_SOURCE, DEFAULT_TYPE, type UsageEvent } from './usage-event.js';

/**
 * 32 hex digits over what the caller sent, canonically: keys sorted, defaults filled in, a time as its instant.
 * Receipt, price and position are no part of it, so a later retry of the same call has the same hash.
 */
export function contentHashOf(event: UsageEvent): string {
  const sent = {
    ...event,
    source: event.source ?? DEFAULT_SOURCE,
    type: event.type ?? DEFAULT_TYPE,
    ...(event.time === undefined ? {} : { time: new Date(event.time).toISOString() }),
  };
  return hash('sha256', canonicalJson(sent), 'hex').slice(0, 32);
}

/** JSON with the keys of every object in code-unit order. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined && entry !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}
