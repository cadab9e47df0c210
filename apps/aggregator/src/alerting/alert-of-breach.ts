import { alertOfWatch, type AlertRaised } from '#contracts';
import type { OpenBreach } from '#postgres';
import { LIMIT_THRESHOLD } from '#watches';

/** The window of a breached counter is over. The numbers are those of the breach. */
export function recoveryOf(breach: OpenBreach, nowMs: number): AlertRaised {
  return alertOf(breach, {
    type: 'budget.recovered',
    threshold: 'window',
    nowMs,
    data: { ...dataOfRecovery(breach), cause: 'window' },
  });
}

/** The limit was raised above what a breached counter holds. The same alert as the one that counting raises. */
export function recoveryByLimitOf(
  breach: OpenBreach,
  { limit, value }: { limit: string; value: string },
  nowMs: number,
): AlertRaised {
  return alertOf(breach, {
    type: 'budget.recovered',
    threshold: LIMIT_THRESHOLD,
    nowMs,
    data: { ...dataOfRecovery(breach), limit, value, cause: 'limit' },
  });
}

function dataOfRecovery({ data }: OpenBreach): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).filter(
      ([name]) => name !== 'threshold' && name !== 'event_time' && name !== 'reminder',
    ),
  );
}

/** The last reminder that is due, whose number is part of its id; null before the first. */
export function reminderOf(
  breach: OpenBreach,
  renotifySeconds: number,
  nowMs: number,
): AlertRaised | null {
  const lastedMs = nowMs - breach.raisedAt.getTime();
  const number = Math.floor(lastedMs / (renotifySeconds * 1_000));
  if (number < 1) return null;
  return alertOf(breach, {
    type: 'budget.breached',
    threshold: `100%#${number}`,
    nowMs,
    data: { ...breach.data, reminder: true },
  });
}

function alertOf(
  { project, watch, counter, windowStart, windowEnd, arming }: OpenBreach,
  {
    type,
    threshold,
    nowMs,
    data,
  }: {
    type: string;
    threshold: string;
    nowMs: number;
    data: Record<string, unknown>;
  },
): AlertRaised {
  return alertOfWatch({
    type,
    project,
    raised_at: new Date(nowMs).toISOString(),
    raised_by: {
      watch,
      counter,
      window_start: windowStart?.toISOString() ?? null,
      window_end: windowEnd?.toISOString() ?? null,
      threshold,
      arming,
    },
    data,
  });
}
