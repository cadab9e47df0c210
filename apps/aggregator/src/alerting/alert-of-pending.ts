import { alertOfWatch, type AlertRaised, canonicalJson, type CounterKey } from '#contracts';
import { decimalFromUnits, METERS } from '#meters';
import { formatDecimal, parseDecimal } from '#money';
import { LIMIT_THRESHOLD } from '#watches';
import type { WatchContext } from './watch-context.js';

interface PendingEntry {
  kind: 'crossed' | 'recovered';
  threshold: string;
  counter: CounterKey;
  hi: string;
  lo: string;
  event_time: string;
  raised_at: string;
  /** Of a sliding counter, and of a recovery: the number of the breach that it ends. */
  arming?: number;
  cause?: 'limit' | 'window';
  /** A share or a percentile in place of the amount. */
  measured?: string;
  /** What earlier days gave, as an amount `<hi>:<lo>` or a decimal. */
  bound?: string;
  watch: WatchContext;
}

const LIMB = 1_000_000_000_000n;

/** The alert of an entry of the pending list. */
export function alertOfPending(text: string): AlertRaised {
  const entry = JSON.parse(text) as PendingEntry;
  const { threshold, counter, raised_at, watch } = entry;
  const type = typeOf(entry);
  const arming = entry.arming ?? (watch.kind === 'budget' ? watch.arming : null) ?? 1;
  const [window_start, window_end] =
    watch.kind === 'budget' ? [watch.window_start, watch.window_end] : [null, null];
  return alertOfWatch({
    type,
    project: watch.project,
    raised_at,
    raised_by: {
      watch: watch.watch,
      counter: canonicalJson(counter),
      window_start,
      window_end,
      threshold,
      arming,
    },
    data: dataOf(type, entry),
  });
}

function typeOf({ kind, threshold, watch }: PendingEntry): string {
  if (watch.kind === 'rate') return kind === 'crossed' ? 'rate.exceeded' : 'rate.recovered';
  if (kind === 'recovered') return 'budget.recovered';
  return threshold === LIMIT_THRESHOLD ? 'budget.breached' : 'budget.threshold_reached';
}

function dataOf(type: string, entry: PendingEntry): Record<string, unknown> {
  const { counter, threshold, event_time, watch } = entry;
  const { name, on } = watch;
  const of = { name, on, counter, customer: counter.customer ?? watch.scope_customer };
  const value = valueOf(entry);
  if (watch.kind === 'rate') {
    const { over_seconds } = watch;
    const limit = watch.limit ?? boundOf(entry);
    return { rate: watch.watch, ...of, over_seconds, limit, value, event_time };
  }
  const { limit, window_start, window_end } = watch;
  const data = { budget: watch.watch, ...of, limit, value, window_start, window_end };
  if (type === 'budget.recovered') return { ...data, cause: entry.cause };
  const crossed = { ...data, threshold, event_time };
  return type === 'budget.breached' ? { ...crossed, reminder: false } : crossed;
}

function valueOf({ measured, hi, lo, watch }: PendingEntry): string {
  return measured === undefined ? amountText(hi, lo, watch) : plainDecimal(measured);
}

function boundOf({ bound = '0', watch }: PendingEntry): string {
  const [hi = '0', lo] = bound.split(':');
  return lo === undefined ? plainDecimal(bound) : amountText(hi, lo, watch);
}

function amountText(hi: string, lo: string, { on }: WatchContext): string {
  return decimalFromUnits(BigInt(hi) * LIMB + BigInt(lo), METERS[on].unit);
}

/** Without trailing zeros. */
function plainDecimal(text: string): string {
  return formatDecimal(parseDecimal(text)!);
}
