import { hash } from 'node:crypto';
import { DEFAULT_SOURCE, DEFAULT_TYPE } from './event-fields.js';
import type { UsageEvent } from './usage-event.js';

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

/** JSON with the keys of every object in code-unit order; entries that are null or undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Record<string, unknown>;
  let text = '{';
  for (const key of Object.keys(object).sort()) {
    const entry = object[key];
    if (entry === undefined || entry === null) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${canonicalJson(entry)}`;
  }
  return `${text}}`;
}
