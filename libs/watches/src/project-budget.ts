import type { TimeWindow } from '#windows';
import type { Budget } from './budget.js';

/** Where a counter will be if it goes on as it did so far. Amounts in units of the measure. */
export interface BudgetProjection {
  /** At the end of the window. */
  value: bigint;
  /** When the limit is reached, in milliseconds since the epoch; null where the window ends before that. */
  exhaustedAtMs: number | null;
}

/** Earlier than this share of the window a pace says little. */
const ELAPSED_SHARE_MIN = 10n;

/**
 * The linear pace over the part of a calendar window that has passed, drawn on to its end; both results are rounded up.
 * Null without usage, before a tenth of the window has passed, and for windows that have no end of their own.
 */
export function projectBudget(
  { window: { kind } }: Pick<Budget, 'window'>,
  { value, limit, window }: { value: bigint; limit: bigint; window: TimeWindow },
  nowMs: number,
): BudgetProjection | null {
  if (kind !== 'calendar' || value <= 0n) return null;
  const lengthMs = BigInt(window.endMs - window.startMs);
  const elapsedMs = BigInt(Math.min(nowMs, window.endMs) - window.startMs);
  if (elapsedMs * ELAPSED_SHARE_MIN < lengthMs) return null;
  const projected = dividedUp(value * lengthMs, elapsedMs);
  const exhaustedMs = Number(dividedUp(elapsedMs * limit, value));
  return {
    value: projected,
    exhaustedAtMs: projected > limit ? window.startMs + exhaustedMs : null,
  };
}

function dividedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
