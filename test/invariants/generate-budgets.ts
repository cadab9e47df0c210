import type { BudgetWindow, Scope, WatchDimension } from '#contracts';
import { dollars, type SeededRandom } from '#testing';
import type { BudgetMeasure } from '#meters';
import { type BudgetWish, type Counters, countEvents, type WatchedEvent } from './budget-oracle.js';

const MEASURES: readonly BudgetMeasure[] = [
  'cost',
  'cost',
  'tokens',
  'requests',
  'events',
  'output_tokens',
  'cache_read_tokens',
];
/** Longer than the events are old, so that none leaves it while the test runs. */
const ROLLING: BudgetWindow = { kind: 'rolling', seconds: 31 * 86_400 };
/** Many budgets are of one shape and differ in whom they watch. */
const SHAPES = 60;
const ROLLING_ONE_OF = 20;
const WINDOWS: readonly BudgetWindow[] = [
  { kind: 'lifetime' },
  { kind: 'calendar', unit: 'year', time_zone: 'Pacific/Niue', start_day: 2 },
  { kind: 'calendar', unit: 'quarter', time_zone: 'Europe/Berlin' },
  { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
  { kind: 'calendar', unit: 'month', time_zone: 'Pacific/Kiritimati', start_day: 28 },
  { kind: 'calendar', unit: 'month', time_zone: 'America/New_York', start_day: 15 },
  { kind: 'calendar', unit: 'week', time_zone: 'Pacific/Niue', start_day: 7 },
  { kind: 'calendar', unit: 'day', time_zone: 'America/New_York' },
  { kind: 'calendar', unit: 'day', time_zone: 'Asia/Kathmandu' },
  { kind: 'calendar', unit: 'hour', time_zone: 'Asia/Kathmandu' },
  { kind: 'calendar', unit: 'minute', time_zone: 'UTC' },
];
/** Names of dimensions that narrow a budget, and how many of a hundred budgets have them. */
const SCOPES: readonly [number, WatchDimension[]][] = [
  [12, ['customer']],
  [20, ['customer', 'model']],
  [10, ['customer', 'provider', 'type']],
  [30, ['user']],
  [8, ['tag']],
  [5, ['model', 'application']],
  [5, ['property.note', 'key']],
  [4, ['property.ok', 'application', 'customer']],
  [3, ['model']],
  [2, ['key', 'tag', 'type']],
  [1, []],
];
const PER: readonly WatchDimension[][] = [
  [],
  [],
  ['model'],
  ['customer'],
  ['provider', 'type'],
  ['tag'],
  ['user', 'application'],
  ['property.n'],
];
/** Each may send an alert for each of its thresholds, and the test waits for all of them. */
const CLOSE_COUNTERS_MAX = 8;
const THRESHOLDS = [[], ['80%'], ['90%', '50%'], ['100%', '75%'], ['120%']];

/**
 * Budgets of every kind of scope, counter, window and measure. Limits are chosen by what `events` come to, so that some
 * counters of most budgets reach them and some budgets are never reached.
 */
export function* generateBudgets(
  random: SeededRandom,
  events: readonly WatchedEvent[],
  count: number,
): Generator<{ budget: BudgetWish; counters: Counters }> {
  const byValue = indexByValue(events);
  const shapes = Array.from({ length: SHAPES }, (_, n) => ({
    on: random.pick(MEASURES),
    dimensions: pickWeighted(random, SCOPES),
    per: random.pick(PER),
    window: n % ROLLING_ONE_OF === 0 ? ROLLING : WINDOWS[n % WINDOWS.length]!,
  }));
  for (let n = 0; n < count; n++) {
    const { dimensions, ...shape } = shapes[n % SHAPES]!;
    const counted = { ...shape, scope: generateScope(random, events, dimensions) };
    const counters = countEvents(counted, candidates(byValue, counted.scope) ?? events);
    const limit = chooseLimit(random, counters);
    const text = counted.on === 'cost' ? dollars(limit) : String(limit);
    const thresholds = [...random.pick(THRESHOLDS)];
    const amount = limit / 3n;
    if (amount > 0n && random.happens(0.1))
      thresholds.push(counted.on === 'cost' ? dollars(amount) : String(amount));
    yield { budget: { name: `budget ${n}`, limit: text, thresholds, ...counted }, counters };
  }
}

/** Only to spare the time of looking at all events for all budgets: a superset of what a scope takes in. */
function indexByValue(events: readonly WatchedEvent[]): Map<string, WatchedEvent[]> {
  const byValue = new Map<string, WatchedEvent[]>();
  for (const event of events) {
    for (const [dimension, values] of Object.entries(event.values) as [string, string[]][]) {
      for (const value of values) {
        const name = `${dimension} ${value}`;
        const known = byValue.get(name);
        if (known) known.push(event);
        else byValue.set(name, [event]);
      }
    }
  }
  return byValue;
}

function candidates(byValue: Map<string, WatchedEvent[]>, scope: Scope): WatchedEvent[] | null {
  const [first] = Object.entries(scope);
  return first === undefined ? null : (byValue.get(`${first[0]} ${first[1]}`) ?? []);
}

/** The values are those of some event, so that a scope of several dimensions finds something. */
function generateScope(
  random: SeededRandom,
  events: readonly WatchedEvent[],
  dimensions: readonly WatchDimension[],
): Scope {
  for (;;) {
    const { values } = random.pick(events);
    const scope = dimensions.map((name) => [name, random.pick(values[name] ?? [''])] as const);
    if (scope.every(([, value]) => value !== '')) return Object.fromEntries(scope);
  }
}

/** Around the largest counters, or far above them; so high that few counters come to half of it. */
function chooseLimit(random: SeededRandom, counters: Counters): bigint {
  const sums = [...counters.values()].map(({ sum }) => sum);
  sums.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  const largest = sums[Math.min(random.between(0, 2), sums.length - 1)] ?? 1_000n;
  let limit = (largest * BigInt(random.pick([60, 85, 99, 100, 101, 130, 1_000]))) / 100n + 1n;
  while ((sums[CLOSE_COUNTERS_MAX] ?? 0n) * 2n >= limit) limit = (limit * 3n) / 2n + 1n;
  return limit;
}

function pickWeighted<T>(random: SeededRandom, choices: readonly [number, T][]): T {
  let left = random.between(
    1,
    choices.reduce((sum, [weight]) => sum + weight, 0),
  );
  return choices.find(([weight]) => (left -= weight) <= 0)![1];
}
