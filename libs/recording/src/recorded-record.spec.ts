import { describe, expect, it } from '@jest/globals';
import { type RecordedBatch, type UsageEvent } from '#contracts';
import { recordOf } from './recorded-record.js';

/** CRC-32 of `p1\0s\0e1` and of `p1\0api\0e1`, modulo 12, worked out with Python's zlib. */
const PARTITIONS = { s: 11, api: 5 };

const batchOf = (event: UsageEvent): RecordedBatch & { events: [UsageEvent] } => ({
  project: 'p1',
  key: 'k1',
  request_id: 'r1',
  received_at: '2026-11-01T10:00:00.000Z',
  events: [event],
});

describe('the record of one event', () => {
  it('is an envelope with this batch alone, in the partition of the identity', () => {
    const batch = batchOf({ id: 'e1', source: 's' });
    const { value, ...place } = recordOf(batch, 'b1');
    expect(place).toEqual({
      partition: PARTITIONS.s,
      headers: { schema: 'usage.recorded.v1', 'batch-id': 'b1', count: '1' },
    });
    expect(JSON.parse(value.toString())).toEqual({ v: 1, batches: [batch] });
  });

  it('goes to the partition of the default source where the event names none', () => {
    expect(recordOf(batchOf({ id: 'e1' }), 'b1').partition).toBe(PARTITIONS.api);
  });
});
