import { alertOfWatch, type AlertRaised, canonicalJson } from '#contracts';
import { decimalFromUnits, METERS } from '#meters';
import { formatDecimal, parseDecimal } from '#money';
import type { PendingAlert } from '#redis';
import { LIMIT_THRESHOLD } from '#watches';
import type { WatchContext } from './watch-context.js';

/** The watch of an entry is the context that `watch-context.ts` wrote. */
type Entry = PendingAlert & { watch: WatchContext };

/** The alert of an entry of the pending list. */
export function alertOfPending(pending: PendingAlert): AlertRaised {
  const entry = pending as Entry;
  const { threshold, counter, watch } = entry;
  const type = typeOf(entry);
  const arming = entry.arming ?? (watch.kind === 'budget' ? watch.arming : null) ?? 1;
  const [window_start, window_end] =
    watch.kind === 'budget' ? [watch.window_start, watch.window_end] : [null, null];
  return alertOfWatch({
    type,
    project: watch.project,
    raised_at: entry.raisedAt,
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

function typeOf({ kind, threshold, watch }: Entry): string {
  if (watch.kind === 'rate') return kind === 'crossed' ? 'rate.exceeded' : 'rate.recovered';
  if (kind === 'recovered') return 'budget.recovered';
  return threshold === LIMIT_THRESHOLD ? 'budget.breached' : 'budget.threshold_reached';
}

function dataOf(type: string, entry: Entry): Record<string, unknown> {
  const { counter, threshold, eventTime, watch } = entry;
  const { name, on } = watch;
  const of = { name, on, counter, customer: counter.customer ?? watch.scope_customer };
  const value = valueOf(entry);
  if (watch.kind === 'rate') {
    const { over_seconds } = watch;
    const limit = watch.limit ?? boundOf(entry);
    return { rate: watch.watch, ...of, over_seconds, limit, value, event_time: eventTime };
  }
  const { limit, window_start, window_end } = watch;
  const data = { budget: watch.watch, ...of, limit, value, window_start, window_end };
  if (type === 'budget.recovered') return { ...data, cause: entry.cause ?? undefined };
  const crossed = { ...data, threshold, event_time: eventTime };
  return type === 'budget.breached' ? { ...crossed, reminder: false } : crossed;
}

function valueOf({ measured, amount, watch }: Entry): string {
  return measured === null ? amountText(amount, watch) : plainDecimal(measured);
}

function boundOf({ bound, watch }: Entry): string {
  return typeof bound === 'bigint' ? amountText(bound, watch) : plainDecimal(bound ?? '0');
}

function amountText(amount: bigint, { on }: WatchContext): string {
  return decimalFromUnits(amount, METERS[on].unit);
}

/** Without trailing zeros. */
function plainDecimal(text: string): string {
  return formatDecimal(parseDecimal(text)!);
}
