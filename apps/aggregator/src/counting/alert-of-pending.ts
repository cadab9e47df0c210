import { alertIdOf, type AlertRaised, canonicalJson, type CounterKey } from '#contracts';
import { decimalFromPico } from '#money';
import type { WatchContext } from './counter-group.js';

interface PendingEntry {
  kind: 'crossed' | 'recovered';
  threshold: string;
  counter: CounterKey;
  hi: string;
  lo: string;
  event_time: string;
  watch: WatchContext;
}

const LIMB = 1_000_000_000_000n;

/** The alert of an entry of the pending list. Its id is made of what happened alone, so a second raise is the same alert. */
export function alertOfPending(text: string): AlertRaised {
  const { kind, threshold, counter, hi, lo, event_time, watch } = JSON.parse(text) as PendingEntry;
  const amount = BigInt(hi) * LIMB + BigInt(lo);
  const type = typeOf(kind, threshold);
  const data = {
    budget: watch.budget,
    name: watch.name,
    on: watch.on,
    counter,
    customer: counter.customer ?? watch.scope_customer,
    limit: watch.limit,
    value: watch.on === 'cost' ? decimalFromPico(amount) : String(amount),
    window_start: watch.window_start,
    window_end: watch.window_end,
  };
  const counterKey = canonicalJson(counter);
  const { arming, window_start, window_end } = watch;
  return {
    v: 1,
    id: alertIdOf({
      type,
      project: watch.project,
      watch: watch.budget,
      counterKey,
      windowStart: window_start ?? '',
      threshold,
      arming,
    }),
    project: watch.project,
    type,
    raised_at: event_time,
    raised_by: {
      watch: watch.budget,
      counter: counterKey,
      window_start,
      window_end,
      threshold,
      arming,
    },
    data: { ...data, ...detailOf(type, threshold, event_time) },
  };
}

function typeOf(kind: PendingEntry['kind'], threshold: string): string {
  if (kind === 'recovered') return 'budget.recovered';
  return threshold === '100%' ? 'budget.breached' : 'budget.threshold_reached';
}

function detailOf(type: string, threshold: string, eventTime: string): Record<string, unknown> {
  if (type === 'budget.recovered') return { cause: 'limit' };
  const crossed = { threshold, event_time: eventTime };
  return type === 'budget.breached' ? { ...crossed, reminder: false } : crossed;
}
