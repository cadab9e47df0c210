import { describe, expect, it } from '@jest/globals';
import type { CountAnswer, CountCall, CounterGroup } from '#redis';
import { CountersSink, type CountersWritePorts } from './counters.sink.js';
import { CountingMark } from './counting-mark.js';

const NOTHING = { at: '', seeds: [], seeding: [], groups: [], sliding: [], level: null };

/** A mark at 7 of the first owner, and the calls that Redis was given. */
async function makeMark(answers: (CountAnswer | Error)[], markCluster = 'c1') {
  const calls: CountCall[] = [];
  const counters: CountersWritePorts['counters'] = {
    adopt: ({ cluster, epoch, sequence }) => {
      const mark = `${cluster}|${epoch}|7|${sequence}`;
      const lists = { seeded: new Map<string, string>(), seeding: new Map<string, string>() };
      return Promise.resolve({ mark, cluster: markCluster, next: 7n, ...lists });
    },
    count: (call) => {
      calls.push(call);
      const answer = answers.shift()!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const owner = { cluster: 'c1', partition: 3, epoch: 2n };
  const mark = new CountingMark('p1', owner, new CountersSink({ counters } as CountersWritePorts));
  await mark.adopt(7n);
  return { mark, calls };
}

const groupOf = (definition: string, revision: string): CounterGroup => ({
  definition,
  windowStartMs: 0,
  keepMs: null,
  keysMax: 1,
  thresholds: [],
  limit: 0n,
  revision,
  watch: '',
  steps: [],
  recheck: null,
});
const applied = { applied: true, pendingAlerts: 0, refusedKeys: 0, rechecked: null };

describe('the mark of a project in a partition', () => {
  it('moves with what is counted, each time another one', async () => {
    const { mark, calls } = await makeMark([applied, applied]);
    await mark.move(9n, NOTHING);
    await mark.move(9n, NOTHING);
    expect(calls.map(({ expected, next }) => [expected, next])).toEqual([
      ['c1|2|7|1', 'c1|2|9|2'],
      ['c1|2|9|2', 'c1|2|9|3'],
    ]);
    expect([mark.text, mark.next]).toEqual(['c1|2|9|3', 9n]);
  });

  it('is unknown, and nothing counts under it, once another one stands', async () => {
    const { mark, calls } = await makeMark([{ ...applied, applied: false }, applied]);
    const seeds = [{ definition: 'd1', revision: 'r1' }];
    expect(await mark.move(9n, { ...NOTHING, seeds })).toBeNull();
    expect([mark.text, mark.next, mark.seeded.size]).toEqual([null, 7n, 0]);
    expect(await mark.move(9n, NOTHING)).toBeNull();
    expect(await mark.addTo(() => NOTHING)).toBeNull();
    expect(calls).toHaveLength(1);
  });

  it('is unknown when an answer is lost', async () => {
    const { mark } = await makeMark([new Error('Command timed out')]);
    await expect(mark.move(9n, NOTHING)).rejects.toThrow('Command timed out');
    expect([mark.text, mark.next]).toEqual([null, 7n]);
  });

  it('is told by what stands when the turn comes', async () => {
    const { mark, calls } = await makeMark([applied, applied]);
    const moved = mark.move(9n, NOTHING);
    const added = mark.addTo(() => {
      expect(mark.next).toBe(9n);
      return NOTHING;
    });
    await Promise.all([moved, added]);
    expect(calls.map(({ next }) => next)).toEqual(['c1|2|9|2', 'c1|2|9|3']);
  });

  it('of another cluster is moved by counting alone', async () => {
    const { mark, calls } = await makeMark([applied], 'c0');
    expect(await mark.addTo(() => NOTHING)).toBeNull();
    expect(calls).toEqual([]);
    await mark.move(0n, NOTHING);
    expect([mark.isOfAnotherCluster, mark.next]).toEqual([false, 0n]);
  });

  it('lists a watch as seeded or as being seeded', async () => {
    const { mark } = await makeMark([applied, applied]);
    const seeding = { revision: 'r1', gaps: [] };
    await mark.move(7n, { ...NOTHING, seeding: [{ definition: 'd1', seeding }] });
    expect([mark.seeded.size, mark.seeding.get('d1')]).toEqual([0, seeding]);
    await mark.move(7n, { ...NOTHING, seeds: [{ definition: 'd1', revision: 'r1' }] });
    expect([mark.seeded.get('d1'), mark.seeding.size]).toEqual(['r1', 0]);
  });

  it('says so when what is added is held against other limits than what is there', async () => {
    const { mark, calls } = await makeMark([applied, applied, applied, applied, applied]);
    const seeding = { revision: 'r1', gaps: [] };
    await mark.move(7n, {
      ...NOTHING,
      seeds: [{ definition: 'd1', revision: 'r1' }],
      seeding: [{ definition: 'd2', seeding }],
    });
    const added = (revision: string) => ({
      ...NOTHING,
      groups: ['d1', 'd2'].map((definition) => groupOf(definition, revision)),
    });
    await mark.move(8n, added('r1'));
    expect(calls[1]).toMatchObject({ seeds: [], seeding: [] });
    expect(mark.seeding.get('d2')).toBe(seeding);
    await mark.move(9n, added('r2'));
    expect(calls[2]).toMatchObject({
      seeds: [{ definition: 'd1', revision: 'r1|mixed' }],
      seeding: [{ definition: 'd2', text: '["r1|mixed",[]]' }],
    });
    await mark.move(9n, added('r1'));
    expect(calls[3]).toMatchObject({ seeds: [], seeding: [] });
    const last = { ...NOTHING, seeds: [{ definition: 'd2', revision: 'r1' }] };
    await mark.move(9n, { ...last, groups: [groupOf('d2', 'r2')] });
    expect([...mark.seeded.values()]).toEqual(['r1|mixed', 'r1|mixed']);
  });
});
