import type { BudgetWindow, Scope, UsageEvent, WatchDimension } from '#contracts';
import { priceByHand } from '#testing';
import type { BudgetMeasure } from '#meters';
import { windowStart } from './local-window.js';

/** What is asked of `POST /v1/budgets`. */
export interface BudgetWish {
  name: string;
  on: BudgetMeasure;
  scope: Scope;
  per: WatchDimension[];
  limit: string;
  window: BudgetWindow;
  thresholds: string[];
}

/** A usage event as a budget sees it. */
export interface WatchedEvent {
  timeMs: number;
  /** None, one, or of tags several values. */
  values: Partial<Record<WatchDimension, string[]>>;
  amounts: Partial<Record<BudgetMeasure, bigint>>;
}

/** A counter that reached a threshold. */
export interface ExpectedAlert {
  type: 'budget.threshold_reached' | 'budget.breached';
  /** Canonical JSON. */
  counter: string;
  windowStartMs: number | null;
  threshold: string;
  /** What the counter must have held at the least and at the most when it was raised. */
  least: bigint;
  most: bigint;
}

/** Sums by window (null: windows that are not of the calendar) and counter. */
export type Counters = Map<string, { windowStartMs: number | null; counter: string; sum: bigint }>;

const PICO_DIGITS = 12;

/** @param key id of the API key that sends it */
export function watchedEvent(event: UsageEvent, key: string): WatchedEvent {
  const { usage = {}, model = '', properties = {} } = event;
  const timeMs = Date.parse(event.time!);
  const values: WatchedEvent['values'] = { key: [key], type: [event.type ?? 'llm.call'] };
  for (const name of ['customer', 'user', 'application', 'provider', 'model'] as const) {
    const value = event[name];
    if (value !== undefined && value !== null) values[name] = [value];
  }
  if (event.tags) values.tag = [...new Set(event.tags)];
  for (const [name, value] of Object.entries(properties))
    values[`property.${name}`] = [String(value)];
  const { input_tokens: input = 0, output_tokens: output = 0 } = usage;
  return {
    timeMs,
    values,
    amounts: {
      cost: priceByHand(model, usage, timeMs).pico,
      tokens: BigInt(input + output),
      requests: BigInt(usage.requests ?? 1),
      events: 1n,
      output_tokens: BigInt(output),
      cache_read_tokens: BigInt(usage.cache_read_tokens ?? 0),
    },
  };
}

/** What the counters of a budget must come to: every event looked at, nothing remembered between budgets. */
export function countEvents(
  { on, scope, per, window }: Pick<BudgetWish, 'on' | 'scope' | 'per' | 'window'>,
  events: readonly WatchedEvent[],
): Counters {
  const wanted = Object.entries(scope) as [WatchDimension, string][];
  const counters: Counters = new Map();
  for (const { values, amounts, timeMs } of events) {
    if (!wanted.every(([dimension, value]) => values[dimension]?.includes(value))) continue;
    const amount = amounts[on]!;
    if (amount === 0n) continue;
    const windowStartMs = windowStart(window, timeMs);
    for (const counter of keysOf(per, values)) {
      const name = `${windowStartMs} ${counter}`;
      const known = counters.get(name);
      if (known) known.sum += amount;
      else counters.set(name, { windowStartMs, counter, sum: amount });
    }
  }
  return counters;
}

/** Every threshold that a counter has reached, the limit among them, each once. */
export function expectAlerts(budget: BudgetWish, counters: Counters): ExpectedAlert[] {
  const digits = budget.on === 'cost' ? PICO_DIGITS : 0;
  const limit = unitsOf(budget.limit, digits);
  const below = budget.thresholds
    .map((threshold) => ({ threshold, least: unitsOfThreshold(threshold, limit, digits) }))
    .filter(({ least }) => least !== limit)
    .map((one) => ({ ...one, type: 'budget.threshold_reached' as const }));
  const all = [...below, { type: 'budget.breached' as const, threshold: '100%', least: limit }];
  return [...counters.values()].flatMap(({ counter, windowStartMs, sum }) =>
    all
      .filter(({ least }) => sum >= least)
      .map((reached) => ({ ...reached, counter, windowStartMs, most: sum })),
  );
}

/** Whole units of a decimal string: pico-dollars with twelve digits, counts with none. */
export function unitsOf(text: string, digits: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(digits, '0'));
}

/** A share is in whole percents; what is not a whole unit is reached by the next one. */
function unitsOfThreshold(threshold: string, limit: bigint, digits: number): bigint {
  if (!threshold.endsWith('%')) return unitsOf(threshold, digits);
  return (limit * BigInt(threshold.slice(0, -1)) + 99n) / 100n;
}

function keysOf(per: readonly WatchDimension[], values: WatchedEvent['values']): string[] {
  let keys: [string, string][][] = [[]];
  for (const dimension of per) {
    const present = values[dimension] ?? [];
    keys = keys.flatMap((key) =>
      present.map((value) => [...key, [dimension, value] as [string, string]]),
    );
  }
  return keys.map((key) =>
    JSON.stringify(Object.fromEntries(key.sort(([a], [b]) => (a < b ? -1 : 1)))),
  );
}
