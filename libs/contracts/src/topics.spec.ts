import { describe, expect, it } from '@jest/globals';
import { TOPICS } from './topics.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const MEBIBYTE = 1_048_576;
const LATEST_EVENT_DAYS = 35;

describe('the table of topics', () => {
  it('is the way of usage and of alerts: who writes, who reads', () => {
    const ways = Object.values(TOPICS).map(({ name, writers, readers }) => [
      name,
      writers,
      readers,
    ]);
    expect(ways).toEqual([
      ['usage.recorded', ['ingest-api', 'console'], ['pricing-worker']],
      ['usage.priced', ['pricing-worker'], ['aggregator']],
      ['alerts.raised', ['aggregator'], ['notifier']],
    ]);
  });

  it.each(Object.values(TOPICS))(
    '%j keeps its records for longer than an event may be late',
    (topic) => {
      expect(topic.retentionMs).toBeGreaterThan(LATEST_EVENT_DAYS * DAY_MS);
      expect(topic.retentionMs).toBe(40 * DAY_MS);
      expect(topic.partitions).toBe(12);
    },
  );

  it('has 8 MiB for a batch of usage and 1 MiB for an alert', () => {
    const sizes = Object.values(TOPICS).map(({ messageBytesMax }) => messageBytesMax / MEBIBYTE);
    expect(sizes).toEqual([8, 8, 1]);
  });

  it('names by its schema the first version of what stands in a topic', () => {
    const schemas = Object.values(TOPICS).map(({ name, schema }) => [name, schema]);
    expect(schemas).toEqual(schemas.map(([name]) => [name, `${name}.v1`]));
  });
});
