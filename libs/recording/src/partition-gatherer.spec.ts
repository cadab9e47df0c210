import { describe, expect, it } from '@jest/globals';
import { partitionOf } from '#contracts';
import { PIECE_EVENTS_MAX, PartitionGatherer } from './partition-gatherer.js';

describe('gathering by partition', () => {
  it('sends each event to the partition of its identity', () => {
    const gatherer = new PartitionGatherer('p1');
    const events = Array.from({ length: 200 }, (_, n) => ({
      id: n % 3 === 0 ? `é-${n}` : `e-${n}`,
      ...(n % 2 === 0 ? { source: 'other' } : {}),
    }));
    for (const event of events) {
      expect(gatherer.add(event.id, event.source, JSON.stringify(event))).toBe('accepted');
    }
    const gathered = gatherer.pieces.flatMap(({ partition, json }) =>
      (JSON.parse(`[${json}]`) as { id: string; source?: string }[]).map((event) => ({
        ...event,
        partition,
      })),
    );
    const expected = events.map((event) => ({
      ...event,
      partition: partitionOf({ project: 'p1', source: event.source ?? 'api', id: event.id }),
    }));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(gathered.sort(byId)).toEqual(expected.sort(byId));
  });

  it('tells a repeat from a conflict, whatever the order of keys, and gathers neither', () => {
    const gatherer = new PartitionGatherer('p1');
    expect(gatherer.add('e', undefined, '{"id":"e","model":"m","user":"u"}')).toBe('accepted');
    expect(gatherer.add('e', undefined, '{"user":"u","id":"e","model":"m"}')).toBe('duplicate');
    expect(gatherer.add('e', 'api', '{"id":"e","source":"api","model":"m","user":"u"}')).toBe(
      'duplicate',
    );
    expect(gatherer.add('e', undefined, '{"id":"e","model":"n","user":"u"}')).toBe('conflict');
    expect(gatherer.add('e', 'other', '{"id":"e","source":"other"}')).toBe('accepted');
    expect(gatherer.pieces.reduce((sum, { events }) => sum + events, 0)).toBe(2);
  });

  it('never puts more than 1,000 events or about 256 Ki characters into a piece', () => {
    const gatherer = new PartitionGatherer('p1');
    for (let n = 0; n < 30_000; n += 1) gatherer.add(`e${n}`, undefined, `{"id":"e${n}"}`);
    const long = 'x'.repeat(100_000);
    for (let n = 0; n < 100; n += 1)
      gatherer.add(`l${n}`, undefined, `{"id":"l${n}","m":"${long}"}`);
    for (const { events, json } of gatherer.pieces) {
      expect(events).toBeLessThanOrEqual(PIECE_EVENTS_MAX);
      expect(json.length).toBeLessThan(256 * 1024);
    }
    expect(gatherer.pieces.reduce((sum, { events }) => sum + events, 0)).toBe(30_100);
  });
});
