import { describe, expect, it } from '@jest/globals';
import { partitionOf } from '#contracts';
import { type Replay, replayOf } from './replay-of.js';

const batch = {
  project: 'p1',
  key: 'k1',
  request_id: 'r1',
  received_at: '2026-11-01T10:00:00.000Z',
  events: [{ id: 'e1', source: 's', modell: 'm' }],
};

const replay = (content: unknown, project = 'p1'): Replay =>
  replayOf({ payload: JSON.stringify(content), payload_encoding: 'json', id: 'q1' }, project);

describe('the replay of a quarantined item', () => {
  it('is the same batch, with its receipt, in the partition of its identity', () => {
    const result = replay(batch);
    expect('record' in result && result.record).toMatchObject({
      partition: partitionOf({ project: 'p1', source: 's', id: 'e1' }),
      headers: { schema: 'usage.recorded.v1', count: '1' },
    });
    const value = 'record' in result ? result.record.value.toString() : '';
    expect(JSON.parse(value)).toEqual({ v: 1, batches: [batch] });
  });

  it.each<[string, unknown]>([
    ['a record of many events', { v: 1, batches: [batch] }],
    ['a batch of two events', { ...batch, events: [{ id: 'a' }, { id: 'b' }] }],
    ['an event without an id', { ...batch, events: [{}] }],
    ['an event that is none', { ...batch, events: [null] }],
    ['an event with an odd source', { ...batch, events: [{ id: 'e', source: 5 }] }],
    ["another project's batch", { ...batch, project: 'p2' }],
    ['null', null],
  ])('is refused for %s', (_what, content) => {
    expect(replay(content)).toHaveProperty('refusal');
  });

  it('is refused for bytes that are not JSON', () => {
    expect(
      replayOf({ payload: 'eyJ2IjoxLA==', payload_encoding: 'base64', id: 'q' }, 'p1'),
    ).toHaveProperty('refusal');
    expect(replayOf({ payload: '{"v":', payload_encoding: 'json', id: 'q' }, 'p1')).toHaveProperty(
      'refusal',
    );
  });
});
