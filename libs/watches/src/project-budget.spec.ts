import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BudgetWindow } from '#contracts';
import { projectBudget } from './project-budget.js';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-11-01T00:00:00.000Z');
const calendar: { window: BudgetWindow } = {
  window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
};
const november = { startMs: START_MS, endMs: START_MS + 30 * DAY_MS };
const onDay = (days: number) => START_MS + days * DAY_MS;

describe('projectBudget', () => {
  it('draws the pace of the days so far on to the end of the window', () => {
    // 40 in 10 days: 120 in 30, and 100 after 25.
    expect(
      projectBudget(calendar, { value: 40n, limit: 100n, window: november }, onDay(10)),
    ).toEqual({ value: 120n, exhaustedAtMs: onDay(25) });
    // 30 in 10 days: 90 in 30, the window ends first.
    expect(
      projectBudget(calendar, { value: 30n, limit: 100n, window: november }, onDay(10)),
    ).toEqual({ value: 90n, exhaustedAtMs: null });
    // Exactly the limit at the very end is no overrun.
    expect(
      projectBudget(calendar, { value: 50n, limit: 100n, window: november }, onDay(15)),
    ).toEqual({ value: 100n, exhaustedAtMs: null });
  });

  it('says when a limit that is reached already was reached on that pace', () => {
    const counter = { value: 200n, limit: 100n, window: november };
    expect(projectBudget(calendar, counter, onDay(10))?.exhaustedAtMs).toBe(onDay(5));
  });

  it('goes on no further than the window, looked at behind its end', () => {
    const counter = { value: 120n, limit: 100n, window: november };
    expect(projectBudget(calendar, counter, onDay(31))).toEqual({
      value: 120n,
      exhaustedAtMs: onDay(25),
    });
  });

  it('makes no statement early, without usage, or where no window ends', () => {
    const counter = { value: 40n, limit: 100n, window: november };
    expect(projectBudget(calendar, counter, onDay(3) - 1)).toBeNull();
    expect(projectBudget(calendar, counter, onDay(3))).not.toBeNull();
    expect(projectBudget(calendar, { ...counter, value: 0n }, onDay(10))).toBeNull();
    for (const window of [{ kind: 'lifetime' }, { kind: 'rolling', seconds: 60 }] as const)
      expect(projectBudget({ window }, counter, onDay(10))).toBeNull();
  });

  it('rounds up by less than one unit and one millisecond, and agrees with itself', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 30n),
        fc.bigInt(1n, 10n ** 30n),
        fc.integer({ min: 1, max: 400 * DAY_MS }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (value, limit, lengthMs, share) => {
          const window = { startMs: START_MS, endMs: START_MS + lengthMs };
          const elapsed = BigInt(Math.ceil(lengthMs * share));
          const nowMs = START_MS + Number(elapsed);
          const projection = projectBudget(calendar, { value, limit, window }, nowMs)!;
          const length = BigInt(lengthMs);
          expect(projection.value * elapsed).toBeGreaterThanOrEqual(value * length);
          expect((projection.value - 1n) * elapsed).toBeLessThan(value * length);
          const overruns = value * length > limit * elapsed;
          expect(projection.exhaustedAtMs !== null).toBe(overruns);
          if (projection.exhaustedAtMs === null) return;
          const untilLimit = BigInt(projection.exhaustedAtMs - START_MS);
          expect(untilLimit * value).toBeGreaterThanOrEqual(limit * elapsed);
          expect((untilLimit - 1n) * value).toBeLessThan(limit * elapsed);
          expect(projection.exhaustedAtMs).toBeLessThanOrEqual(window.endMs);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
