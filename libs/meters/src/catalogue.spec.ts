import { describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import { amountDescription, BUDGET_MEASURES, METERS, RATE_MEASURES } from './catalogue.js';
import { counterKeyOf, counterKeysOf } from './counter-key.js';
import { meetsScope } from './scope.js';
import { storedSumSql, storedValueSql } from './stored-sums.js';

/** A call that failed after it was paid for. */
const EVENT = {
  customer: 'acme',
  user: null,
  key: 'key1',
  provider: 'openai',
  model: 'gpt-4o',
  type: 'llm.call',
  tags: ['x', 'y', 'x'],
  properties: { team: 'red', seats: 7 },
  status: 'error',
  latency_ms: 100,
  usage: { input_tokens: 1_000, cache_read_tokens: 400, output_tokens: 500, audio_seconds: 12 },
  cost: { state: 'priced', amount: '0.0075', lines: [], price_version: 'v' },
} as unknown as PricedUsage;
/** One that names nothing. */
const BARE = {
  ...EVENT,
  status: null,
  latency_ms: null,
  tags: [],
  usage: {},
  cost: { state: 'unpriced', partial: '3' },
} as unknown as PricedUsage;

describe('the catalogue of meters', () => {
  it('has what budgets and rates can watch', () => {
    expect(BUDGET_MEASURES).toHaveLength(35);
    expect(BUDGET_MEASURES.slice(0, 6)).toEqual([
      'cost',
      'tokens',
      'requests',
      'events',
      'input_tokens',
      'cache_read_tokens',
    ]);
    expect(BUDGET_MEASURES.filter((name) => name === 'requests')).toHaveLength(1);
    expect(RATE_MEASURES).toEqual([
      'cost',
      'tokens',
      'requests',
      'events',
      'errors',
      'latency_p50',
      'latency_p95',
      'latency_p99',
    ]);
  });

  it.each([
    ['cost', 7_500_000_000n, 0n],
    ['tokens', 1_500n, 0n],
    ['requests', 1n, 1n],
    ['events', 1n, 1n],
    ['input_tokens', 1_000n, 0n],
    ['cache_read_tokens', 400n, 0n],
    ['audio_seconds', 12n, 0n],
    ['images', 0n, 0n],
    ['errors', 1n, 0n],
  ] as const)('takes %s of an event', (name, ofEvent, ofBare) => {
    const { sample } = METERS[name];
    expect(sample(EVENT)).toEqual({ amount: ofEvent, latencyBin: null });
    expect(sample(BARE)).toEqual({ amount: ofBare, latencyBin: null });
  });

  it('leaves out of a latency and of what is unpriced the events that have none', () => {
    // 1.1^48 = 97.0 < 100 <= 1.1^49 = 106.7.
    expect(METERS.latency_p95.sample(EVENT)).toEqual({ amount: 0n, latencyBin: 49 });
    expect(METERS.latency_p95.sample(BARE)).toBeNull();
    expect(METERS.unpriced_events.sample(EVENT)).toBeNull();
    expect(METERS.unpriced_events.sample(BARE)).toEqual({ amount: 1n, latencyBin: null });
  });

  it.each([
    ['cost', { by: 'amount' }],
    ['tokens', { by: 'amount' }],
    ['errors', { by: 'share' }],
    ['latency_p50', { by: 'latency', percentile: 0.5 }],
    ['latency_p95', { by: 'latency', percentile: 0.95 }],
    ['latency_p99', { by: 'latency', percentile: 0.99 }],
  ] as const)('has %s judged by %p', (name, judged) => {
    expect(METERS[name].aggregation.judged).toEqual(judged);
  });

  it('tells the level of an hour, and none of what adds up', () => {
    const hour = { amount: 3n, events: 8, latencyMs: 250 };
    expect(METERS.errors.aggregation.levelOf!(hour)).toBe(0.375);
    expect(METERS.latency_p99.aggregation.levelOf!(hour)).toBe(250);
    expect(METERS.cost.aggregation.levelOf).toBeNull();
  });

  it('says what an amount is, and refuses what is none', () => {
    expect(amountDescription(BUDGET_MEASURES)).toBe(
      'A decimal string: US dollars for cost, else a whole count.',
    );
    expect(amountDescription(RATE_MEASURES)).toBe(
      'A decimal string: US dollars for cost, a share from 0 to 1 for errors, milliseconds for latencies, else a whole count.',
    );
    expect(METERS.cost.unit.refuse('0.5')).toBeNull();
    expect(METERS.latency_p50.unit.refuse('2500.5')).toBeNull();
    expect(METERS.images.unit.refuse('3')).toBeNull();
    expect(METERS.images.unit.refuse('0.5')).toBe('must be a whole number: this measure counts');
    expect(METERS.errors.unit.refuse('0.5')).toBeNull();
    expect(METERS.errors.unit.refuse('1.01')).toBe('must be a share of the events, up to "1"');
  });
});

/** Counters in Redis are found by these texts. */
describe('the keys of counters', () => {
  it('are canonical, one for each tag', () => {
    expect(counterKeysOf([], EVENT)).toEqual(['{}']);
    expect(counterKeysOf(['model', 'customer', 'property.seats'], EVENT)).toEqual([
      '{"customer":"acme","model":"gpt-4o","property.seats":"7"}',
    ]);
    expect(counterKeysOf(['tag', 'key'], EVENT)).toEqual([
      '{"key":"key1","tag":"x"}',
      '{"key":"key1","tag":"y"}',
    ]);
    expect(counterKeysOf(['customer', 'user'], EVENT)).toEqual([]);
  });

  it('are the same read from a row', () => {
    expect(counterKeyOf(['model', 'customer'], ['gpt-4o', 'acme', 'not a value'])).toBe(
      '{"customer":"acme","model":"gpt-4o"}',
    );
  });
});

describe('a scope', () => {
  it('is met by an event that has every value', () => {
    expect(meetsScope({}, EVENT)).toBe(true);
    expect(meetsScope({ customer: 'acme', tag: 'y', 'property.team': 'red' }, EVENT)).toBe(true);
    expect(meetsScope({ customer: 'acme', tag: 'z' }, EVENT)).toBe(false);
    expect(meetsScope({ user: '' }, EVENT)).toBe(false);
  });
});

describe('what rollups keep of a meter', () => {
  it('is counted of raw events and summed of rollups', () => {
    expect(storedSumSql('events', 'usage_raw')).toBe('toInt128(count())');
    expect(storedSumSql('events', 'usage_per_day')).toBe('sum(toInt128(usage_per_day.events))');
    expect(storedSumSql('unpriced_events', 'usage_raw')).toBe(
      `toInt128(countIf(cost_state = 'unpriced'))`,
    );
    expect(storedSumSql('cost', 'usage_per_hour')).toBe('sum(usage_per_hour.cost)');
    expect(storedSumSql('requests', 'usage_raw')).toBe('sum(toInt128(usage_raw.requests))');
    expect(storedValueSql('events')).toBe('toInt64(1)');
    expect(storedValueSql('cost')).toBe('cost');
    expect(storedValueSql('requests')).toBe('toInt64(requests)');
    expect(storedValueSql('unpriced_events')).toBe(`toInt64(cost_state = 'unpriced')`);
  });
});
