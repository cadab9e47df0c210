import { describe, expect, it } from '@jest/globals';
import { planNextAttempt } from './plan-next-attempt.js';

const NOW = Date.UTC(2026, 10, 14);
const plan = (attempts: number, random: number, retryAfterMs: number | null = null) => {
  const nextMs = planNextAttempt(attempts, { nowMs: NOW, retryAfterMs, random });
  return nextMs === null ? null : (nextMs - NOW) / 1_000;
};

describe('the schedule of attempts', () => {
  it('is at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, then over', () => {
    const inTheMiddle = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => plan(attempts, 0.5));
    expect(inTheMiddle).toEqual([0, 5, 300, 1800, 7200, 18_000, 36_000, 36_000, null]);
  });

  it('is spread by a tenth to either side', () => {
    expect([plan(1, 0), plan(2, 0), plan(7, 0)]).toEqual([4.5, 270, 32_400]);
    expect([plan(1, 0.999_99), plan(7, 0.999_99)]).toEqual([5.5, 39_599.928]);
    expect(plan(0, 0.9)).toBe(0);
  });

  it('waits longer where the endpoint asks for it, up to a day, and never shorter', () => {
    expect(plan(1, 0.5, 120_000)).toBe(120);
    expect(plan(3, 0.5, 120_000)).toBe(1800);
    expect(plan(1, 0.5, 9e12)).toBe(86_400);
    expect(plan(8, 0.5, 120_000)).toBeNull();
  });
});
