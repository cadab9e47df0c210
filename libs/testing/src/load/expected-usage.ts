import { createHash } from 'node:crypto';
import { DEFAULT_SOURCE, DEFAULT_TYPE, type UsageEvent } from '#contracts';
import { priceByHand } from './price-by-hand.js';
import type { SentIdentity } from './sent-usage.js';
import type { StoredEvent, StoredSums } from './stored-usage.js';

/** A row of `usage_raw` as it must be; where it lies in the log is left open. */
export type ExpectedEvent = Omit<StoredEvent, 'position'>;

/** The row that an event must have become, given the time that it counts at. */
export function expectedEvent(project: string, event: UsageEvent, timeMs: number): ExpectedEvent {
  const { usage = {}, model = '', provider = '' } = event;
  const { fate, pico } = priceByHand(model, usage, timeMs);
  const source = event.source ?? DEFAULT_SOURCE;
  const identity = createHash('sha256').update(`${project}\0${source}\0${event.id}`);
  return {
    source,
    id: event.id,
    identity: identity.digest('hex').slice(0, 32),
    event_time: new Date(timeMs).toISOString(),
    customer: event.customer ?? null,
    provider,
    model,
    type: event.type ?? DEFAULT_TYPE,
    requests: String(usage.requests ?? 1),
    input_tokens: String(usage.input_tokens ?? 0),
    cache_read_tokens: String(usage.cache_read_tokens ?? 0),
    cache_write_tokens: String(usage.cache_write_tokens ?? 0),
    output_tokens: String(usage.output_tokens ?? 0),
    output_reasoning_tokens: String(usage.output_reasoning_tokens ?? 0),
    fate,
    cost: dollars(pico),
  };
}

/** When an event must count: at its own time, else at its receipt, which lies between its first sending and first 202. */
export function expectedTimeMs(sent: SentIdentity, storedTime: string): number | null {
  if (sent.event.time !== undefined) return Date.parse(sent.event.time);
  const storedMs = Date.parse(storedTime);
  const until = sent.firstAcknowledgedMs ?? Infinity;
  return storedMs >= sent.firstTriedMs && storedMs <= until ? storedMs : null;
}

const SUMMED = [
  'requests',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'output_reasoning_tokens',
] as const;

/** Sums by window, customer and model; `window` is the leading part of the event time that makes one. */
export function sumUp(
  events: readonly ExpectedEvent[],
  windowOf: (time: string) => string,
  customerOf: (event: ExpectedEvent) => string | null,
): Map<string, StoredSums> {
  const slices = new Map<
    string,
    { key: Pick<StoredSums, 'window' | 'customer' | 'model'>; sums: bigint[] }
  >();
  for (const event of events) {
    const key = {
      window: windowOf(event.event_time),
      customer: customerOf(event),
      model: event.model,
    };
    const slice = slices.get(sliceKey(key)) ?? { key, sums: [] };
    const added = [
      1n,
      ...SUMMED.map((column) => BigInt(event[column])),
      picoOf(event.cost),
      event.fate === 'unpriced' ? 1n : 0n,
    ];
    slice.sums = added.map((amount, n) => amount + (slice.sums[n] ?? 0n));
    slices.set(sliceKey(key), slice);
  }
  return new Map([...slices].map(([name, { key, sums }]) => [name, { ...key, ...named(sums) }]));
}

export function sliceKey({
  window,
  customer,
  model,
}: Pick<StoredSums, 'window' | 'customer' | 'model'>) {
  return JSON.stringify([window, customer, model]);
}

function named(sums: bigint[]): Omit<StoredSums, 'window' | 'customer' | 'model'> {
  const text = (place: number) => String(sums[place]);
  return {
    events: text(0),
    requests: text(1),
    input_tokens: text(2),
    cache_read_tokens: text(3),
    cache_write_tokens: text(4),
    output_tokens: text(5),
    output_reasoning_tokens: text(6),
    cost: dollars(sums[7]!),
    unpriced_events: text(8),
  };
}

/** `0.0075` for 7,500,000,000 pico-dollars: no exponent, no trailing zeros. */
export function dollars(pico: bigint): string {
  const digits = String(pico).padStart(13, '0');
  const cents = digits.slice(-12).replace(/0+$/, '');
  return cents === '' ? digits.slice(0, -12) : `${digits.slice(0, -12)}.${cents}`;
}

/** Pico-dollars of an amount in dollars. */
export function picoOf(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}
