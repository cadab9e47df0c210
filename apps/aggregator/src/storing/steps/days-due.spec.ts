import { describe, expect, it } from '@jest/globals';
import { AUDIT_ROUND_MS, daysDue } from './days-due.js';

const MINUTE_MS = 60_000;
const days = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10),
  );
const NOW_MS = Date.UTC(2026, 10, 29, 5, 12, 7);

/** Each day that came up in a week of looks, as often as it did. */
function aWeekOf(stored: readonly string[], everyMs: number): Map<string, number> {
  const seen = new Map<string, number>();
  for (let ms = NOW_MS; ms < NOW_MS + AUDIT_ROUND_MS; ms += everyMs) {
    for (const day of daysDue(stored, ms, ms + everyMs)) seen.set(day, (seen.get(day) ?? 0) + 1);
  }
  return seen;
}

describe('days that are due for the audit', () => {
  it.each([1, 2, 7, 400, 5_000])('are each of %i days once in a week', (count) => {
    const stored = days(count);
    const seen = aWeekOf(stored, 60 * MINUTE_MS);
    expect([...seen.keys()].toSorted()).toEqual(stored);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });

  it('are few at a time: 400 days in 2,016 looks of five minutes', () => {
    const counts = Array.from({ length: 2_016 }, (_, n) => {
      const fromMs = NOW_MS + n * 5 * MINUTE_MS;
      return daysDue(days(400), fromMs, fromMs + 5 * MINUTE_MS).length;
    });
    expect(Math.max(...counts)).toBe(1);
  });

  it('are caught up with when looks were missed, each once however long that was', () => {
    const stored = days(14);
    const seven = daysDue(stored, NOW_MS, NOW_MS + AUDIT_ROUND_MS / 2);
    expect(seven).toHaveLength(7);
    expect(daysDue(stored, NOW_MS, NOW_MS + 3 * AUDIT_ROUND_MS)).toEqual(stored);
  });

  it('are none of nothing', () => {
    expect(daysDue([], NOW_MS, NOW_MS + MINUTE_MS)).toEqual([]);
  });
});
