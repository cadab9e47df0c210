import { describe, expect, it } from '@jest/globals';
import { Clock, createLogger } from '#platform';
import type { Plan } from '#postgres';
import { pricedUsage } from '#samples';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import type { PlanRows } from '../partitions/partition-stream.js';
import { RollupAudit } from './rollup-audit.js';
import { RollupsSink } from './rollups.sink.js';
import type { StoredStream, StoringPorts } from './storing.ports.js';
import { UsageSink, type UsageWritePort } from './usage.sink.js';

const EPOCH = 7n;
const KEY = { cluster: 'c1', topic: 'usage.priced', partition: 3 };
const origin = {
  cluster: 'c1',
  partition: 3,
  offset: '17',
  appended_at: '2026-11-02T10:20:31.000Z',
};
const metrics = new AggregatorMetrics();
const logger = createLogger('test', 'silent');
const clock = new Clock();

const counted = (rows: number): PlanRows['counted'] =>
  Array.from({ length: rows }, (_, index) => ({
    usage: pricedUsage({ id: `e${index}` }),
    origin,
    index,
  }));

/** A stream that was taken over with a plan for `planned` rows, and has decided `found`. */
function takenOver(planned: number, found: number): StoredStream {
  const plan: Plan = { first: 17n, last: 17n, token: 'plan', counted: planned, setAside: 0 };
  return {
    key: KEY,
    epoch: EPOCH,
    decidedTo: 18n,
    plan: { plan, unsure: true },
    waiting: { rows: found, bytes: 0, byProject: new Map(), takeStored: () => new Map() },
    waitingSinceMs: 0,
    isStorable: () => true,
    nextPlan: () => null,
    begin: () => undefined,
    rowsOf: () => ({ counted: counted(found), setAside: [] }),
    storedBy: () => ({
      storedTo: 18n,
      originStoredTo: 17n,
      originAppendedAt: null,
      customers: [],
    }),
    release: () => undefined,
  };
}

/** A sink on a store that has nothing yet, and what it wrote, in order. */
function makeSink(): { sink: UsageSink; writes: string[] } {
  const writes: string[] = [];
  const stored = new Set<string>();
  const note = (what: string) => {
    writes.push(what);
    return Promise.resolve();
  };
  const usage: UsageWritePort = {
    writePlan: () => note('plan').then(() => true),
    finishPlan: () => note('finish').then(() => true),
    insertRaw: (rows) => {
      for (const { index } of rows) stored.add(`17:${index}`);
      return note(`raw ${rows.length}`);
    },
    insertSetAside: (rows) => note(`set aside ${rows.length}`),
    insertIdentities: (rows) => note(`identities ${rows.length}`),
  };
  const ports: Pick<StoringPorts, 'bounds' | 'lock' | 'notices' | 'store'> = {
    bounds: { planRowsMax: 10, storeEveryMs: 0, waitingRowsMax: 10, waitingBytesMax: 1_000 },
    lock: { shared: (work) => work(), exclusive: (work) => work() },
    notices: { raiseFor: () => Promise.resolve() },
    store: {
      insertUntilMs: () => Promise.resolve(0),
      findIdentities: ({ identities }) =>
        Promise.resolve(new Map(identities.map((identity) => [identity, 'content']))),
      rawPositions: () => Promise.resolve(new Set(stored) as Set<`${string}:${string}`>),
      setAsidePositions: () => Promise.resolve(new Set()),
      insertsUnderWay: () => Promise.resolve(0),
      cutComparison: () => Promise.resolve([]),
      compareRollups: () => Promise.resolve([]),
      findRepeated: () => Promise.resolve([]),
    },
  };
  const rollups = {
    removeRepeated: () => Promise.resolve(0),
    correctRollups: () => Promise.resolve([]),
  };
  const audit = new RollupAudit(ports, new RollupsSink(rollups, metrics, logger), clock);
  return { sink: new UsageSink(ports, usage, audit, clock, metrics, logger), writes };
}

describe('a plan that was taken over', () => {
  it('is stored and finished with the rows that it was written for', async () => {
    const { sink, writes } = makeSink();
    expect(await sink.store(takenOver(2, 2))).toBe(18n);
    expect(writes).toEqual(['raw 2', 'finish']);
  });

  it.each([
    ['fewer', 1],
    ['more', 3],
  ])('stops storing when it finds %s rows, and writes nothing', async (_what, found) => {
    const { sink, writes } = makeSink();
    await expect(sink.store(takenOver(2, found))).rejects.toThrow(
      `plan plan was written for 2 + 0 rows and finds ${found} + 0`,
    );
    expect(writes).toEqual([]);
  });
});
