import { hash } from 'node:crypto';
import {
  type Budget,
  canonicalJson,
  type CounterKey,
  type PricedUsage,
  type WatchDimension,
} from '#contracts';
import { type Decimal, parseDecimal, picoFromDecimal } from '#money';
import { type TimeWindow, WindowFinder } from '#windows';

const PICO_SCALE = 12;
const DAY_MS = 86_400_000;
/** How late an event may be, with room. */
const LATENESS_MS = 36 * DAY_MS;

/** A threshold in units of the measure: pico-dollars of cost, else whole counts. */
export interface BudgetThreshold {
  name: string;
  amount: bigint;
}

/** A budget made ready to count with. */
export interface CompiledBudget {
  budget: Budget;
  /** `<id>:<hash of what decides the sums>`: counters of another scope, key, measure or window are other counters. */
  definition: string;
  windows: WindowFinder;
}

/** What a budget asks for at a moment, its temporary raise taken into account. */
export interface BudgetLimits {
  limit: bigint;
  limitText: string;
  /** The limit itself is among them, as `100%`; none while suspended. */
  thresholds: BudgetThreshold[];
  /** Part of an alert's identity: another one after the limits changed or a raise ended. */
  arming: number;
  /** Changes whenever counters must be held against new thresholds. */
  revision: string;
}

export function compileBudget(budget: Budget): CompiledBudget {
  const { id, on, scope, per, window } = budget;
  const parts = canonicalJson({ on, scope, per: [...per], window });
  const definition = `${id}:${hash('sha256', parts, 'hex').slice(0, 12)}`;
  return { budget, definition, windows: new WindowFinder(window) };
}

/** The limits in force. A raise counts as an arming of its own, and so does the time behind it. */
export function limitsOf({ budget }: CompiledBudget, nowMs: number): BudgetLimits {
  const { raise, suspended } = budget;
  const phase = raise === null ? 0 : nowMs < Date.parse(raise.until) ? 1 : 2;
  const limitText = phase === 1 ? raise!.limit : budget.limit;
  const limit = unitsOf(limitText, budget);
  const arming = budget.arming * 3 + phase;
  const named = budget.thresholds.map((name) => ({
    name,
    amount: amountOf(name, limitText, budget),
  }));
  const below = named.filter(({ amount }) => amount !== limit);
  const thresholds = suspended ? [] : [...below, { name: '100%', amount: limit }];
  const texts = thresholds.map(({ name, amount }) => `${name}=${amount}`);
  return { limit, limitText, thresholds, arming, revision: [arming, limit, ...texts].join('|') };
}

/** The limit that a revision was made for. */
export function limitOfRevision(revision: string): bigint | null {
  const limit = revision.split('|')[1];
  return limit === undefined ? null : BigInt(limit);
}

/** What an event adds to a counter. */
export function amountOfUsage({ on }: Budget, { usage, cost }: PricedUsage): bigint {
  if (on === 'cost') return cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n;
  if (on === 'events') return 1n;
  if (on === 'requests') return BigInt(usage.requests ?? 1);
  if (on === 'tokens') return BigInt(usage.input_tokens ?? 0) + BigInt(usage.output_tokens ?? 0);
  return BigInt(usage[on] ?? 0);
}

/** The values of an event in a dimension: several only of tags. */
export function valuesOf(usage: PricedUsage, dimension: WatchDimension): string[] {
  if (dimension === 'tag') return [...new Set(usage.tags)];
  const value = dimension.startsWith('property.')
    ? usage.properties[dimension.slice('property.'.length)]
    : usage[dimension as Exclude<WatchDimension, 'tag' | `property.${string}`>];
  return value === undefined || value === null ? [] : [String(value)];
}

/** The counters of a budget that an event belongs to, as canonical JSON; none when it lacks one of the values. */
export function counterKeysOf({ per }: Budget, usage: PricedUsage): string[] {
  let keys: CounterKey[] = [{}];
  for (const dimension of per) {
    const values = valuesOf(usage, dimension);
    keys = keys.flatMap((key) => values.map((value) => ({ ...key, [dimension]: value })));
  }
  return keys.map(canonicalJson);
}

/** The windows that an event may still fall into, oldest first: late ones, and clocks that run ahead by a day. */
export function openWindows({ budget, windows }: CompiledBudget, nowMs: number): TimeWindow[] {
  const open: TimeWindow[] = [];
  const { lateMs, aheadMs } = reachOf(budget);
  for (let atMs = nowMs - lateMs; atMs < nowMs + aheadMs;) {
    const window = windows.of(atMs);
    open.push(window);
    atMs = window.endMs;
  }
  return open;
}

/** Short windows reach less far, so that there are thousands of them at the most. */
function reachOf({ window }: Budget): { lateMs: number; aheadMs: number } {
  if (window.kind === 'rolling')
    return { lateMs: 2_000 * window.seconds, aheadMs: 1_000 * window.seconds };
  const short = window.kind === 'calendar' && /minute|hour/.test(window.unit);
  return { lateMs: short ? 2 * DAY_MS : LATENESS_MS, aheadMs: DAY_MS };
}

function unitsOf(text: string, { on }: Budget): bigint {
  return scaled(decimalOf(text), on === 'cost' ? PICO_SCALE : 0);
}

function amountOf(threshold: string, limitText: string, { on }: Budget): bigint {
  const scale = on === 'cost' ? PICO_SCALE : 0;
  if (!threshold.endsWith('%')) return scaled(decimalOf(threshold), scale);
  const share = decimalOf(threshold.slice(0, -1));
  const limit = decimalOf(limitText);
  return scaled({ units: limit.units * share.units, scale: limit.scale + share.scale + 2 }, scale);
}

function decimalOf(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not a decimal: ${text}`);
  return decimal;
}

/** In units of 10^-scale, rounded up: an amount below the exact threshold must not reach it. */
function scaled(decimal: Decimal, scale: number): bigint {
  if (decimal.scale <= scale) return decimal.units * 10n ** BigInt(scale - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - scale);
  return (decimal.units + divisor - 1n) / divisor;
}
