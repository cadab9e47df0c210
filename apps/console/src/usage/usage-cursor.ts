import type { TimeRange, UsagePosition } from '#clickhouse';
import { MOMENT_MAX_MS, MOMENT_MIN_MS } from './moment.js';

/** Where a walk through usage goes on. It carries its range, so that a default range does not move on the way. */
export interface UsageCursor {
  range: TimeRange;
  after: UsagePosition;
}

/** Whether a value is a cursor of a question with so many dimensions. */
export function isUsageCursor(dimensions: number) {
  return (value: unknown): value is UsageCursor => {
    const { range, after } = (value ?? {}) as Partial<UsageCursor>;
    return (
      isMoment(range?.from) &&
      isMoment(range?.to) &&
      isMoment(after?.windowFrom) &&
      Array.isArray(after?.values) &&
      after.values.length === dimensions &&
      after.values.every(
        (entry) => entry === null || (typeof entry === 'string' && !entry.includes('\0')),
      )
    );
  };
}

function isMoment(value: unknown): value is number {
  return (
    Number.isSafeInteger(value) && Number(value) >= MOMENT_MIN_MS && Number(value) <= MOMENT_MAX_MS
  );
}
