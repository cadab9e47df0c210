import { describe, expect, it } from '@jest/globals';
import {
  ANOMALY_DEFAULTS,
  ANOMALY_DIMENSIONS,
  ANOMALY_MEASURES,
  ANOMALY_SENSITIVITIES,
} from './anomalies.js';
import { DEFAULT_SOURCE, DEFAULT_TYPE, EVENT_STATUSES } from './event-fields.js';
import { QUARANTINE_REASONS, UNPRICED_REASONS } from './priced-envelope.js';
import { WATCH_DIMENSIONS } from './watches.js';

/** Programs of customers and rows that are stored tell things apart by these: a name that is given once stays. */
describe('names that others hold', () => {
  it('of why usage has no price', () => {
    expect([...UNPRICED_REASONS].sort()).toEqual([
      'inconsistent_usage',
      'missing_dimension',
      'no_usage',
      'no_variant',
      'price_error',
      'unknown_model',
      'unknown_provider',
    ]);
  });

  it('of why usage is in quarantine', () => {
    expect([...QUARANTINE_REASONS].sort()).toEqual([
      'invalid_envelope',
      'invalid_event',
      'not_json',
      'unknown_schema',
    ]);
  });

  it('of what a watch is narrowed to', () => {
    expect([...WATCH_DIMENSIONS].sort()).toEqual([
      'application',
      'customer',
      'key',
      'model',
      'provider',
      'tag',
      'type',
      'user',
    ]);
  });

  it('of what stands for a source or a type that nobody said, and of how a call ended', () => {
    expect([DEFAULT_SOURCE, DEFAULT_TYPE]).toEqual(['api', 'llm.call']);
    expect(EVENT_STATUSES).toEqual(['ok', 'error']);
  });
});

describe('anomalies', () => {
  it('are looked for by customer and model, in three measures, at three sensitivities', () => {
    expect(ANOMALY_DIMENSIONS).toEqual(['customer', 'model']);
    expect(ANOMALY_MEASURES).toEqual(['cost', 'tokens', 'requests']);
    expect(ANOMALY_SENSITIVITIES).toEqual(['low', 'medium', 'high']);
  });

  it('are looked for in the cost of every project that has set nothing, from a dollar a day', () => {
    expect(ANOMALY_DEFAULTS).toEqual({
      enabled: true,
      sensitivity: 'medium',
      measures: ['cost'],
      minimum_volume: { cost: '1', tokens: '100000', requests: '100' },
    });
  });
});
