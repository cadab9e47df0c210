import { describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import type { Budget } from './budget.js';
import { compileBudget, compileRate } from './compile-watch.js';
import type { Rate } from './rate.js';
import { countedAtMs, measuresLike, sampleOf } from './sample-usage.js';

const MONTH = { kind: 'calendar', unit: 'month', time_zone: 'UTC' } as const;
const budget = (on: Budget['on'], window: Budget['window'] = MONTH) =>
  compileBudget({ id: 'b1', on, scope: {}, per: [], window } as unknown as Budget);
const rate = (on: Rate['on']) =>
  compileRate({ id: 'r1', on, scope: {}, per: [], over_seconds: 60 } as unknown as Rate);
const event = (over: object): PricedUsage =>
  ({
    received_at: '2026-11-02T10:00:00.000Z',
    latency_ms: null,
    status: 'ok',
    usage: { input_tokens: 1_000 },
    cost: { state: 'priced', amount: '0.0025' },
    ...over,
  }) as unknown as PricedUsage;

describe('what a watch takes of an event', () => {
  it('is its measure: 0.0025 dollars are 2,500,000,000 pico-dollars', () => {
    expect(sampleOf(budget('cost'), event({}))?.amount).toBe(2_500_000_000n);
    expect(sampleOf(budget('input_tokens'), event({}))?.amount).toBe(1_000n);
  });

  it('is nothing where it changes no sum of a budget, and still an event where it is a rate', () => {
    expect(sampleOf(budget('output_tokens'), event({}))).toBeNull();
    expect(sampleOf(rate('errors'), event({}))?.amount).toBe(0n);
    expect(sampleOf(rate('latency_p95'), event({}))).toBeNull();
    expect(sampleOf(rate('latency_p95'), event({ latency_ms: 20 }))?.amount).toBe(0n);
  });

  it('is the same for all of one measure, budgets and rates apart', () => {
    expect(measuresLike(budget('cost'), budget('cost'))).toBe(true);
    expect(measuresLike(rate('cost'), rate('cost'))).toBe(true);
    expect(measuresLike(budget('cost'), rate('cost'))).toBe(false);
    expect(measuresLike(budget('cost'), budget('tokens'))).toBe(false);
  });
});

describe('the time at which an event counts', () => {
  const receivedMs = Date.parse('2026-11-02T10:00:00.000Z');

  it('is its own in a window that stands still', () => {
    expect(countedAtMs(budget('cost'), receivedMs + 5_000, event({}))).toBe(receivedMs + 5_000);
  });

  it.each([
    ['a rolling budget', budget('cost', { kind: 'rolling', seconds: 60 })],
    ['a rate', rate('cost')],
  ])('is no later than its receipt for %s', (_, sliding) => {
    expect(countedAtMs(sliding, receivedMs + 5_000, event({}))).toBe(receivedMs);
    expect(countedAtMs(sliding, receivedMs - 5_000, event({}))).toBe(receivedMs - 5_000);
  });
});
