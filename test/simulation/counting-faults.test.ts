import { beforeEach, describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import type { UsageRow } from '#clickhouse';
import { pricedUsage } from '#samples';
import { compileBudget, WatchIndex } from '#watches';
import type { CountingSnapshot } from '../../apps/aggregator/src/counting/counting-calls.js';
import { CountersSink } from '../../apps/aggregator/src/counting/counters.sink.js';
import { ProjectCounting } from '../../apps/aggregator/src/counting/project-counting.js';
import { BOUNDS } from '../integration/counting-process.js';
import { pendingEntry } from './pending-entry.js';
import { SeveralProjects } from './several-projects.js';

let world: SeveralProjects;

async function faultsTold(): Promise<number> {
  const counter = register.getSingleMetric('aggregator_counting_faults_total')!;
  return (await counter.get()).values[0]!.value;
}

beforeEach(async () => {
  world = new SeveralProjects();
  world.newBudget('broken', 'b1');
  world.newBudget('sound', 's1');
  await world.process.tick();
});

describe('an outage in the middle of counting', () => {
  it('lets no second count begin while that of another project is under way', async () => {
    await world.use('broken');
    expect(world.store()).toBe(1);
    // The mark of the other project is unknown and has to be taken.
    world.faults.set('sound', new Error('Command timed out'));
    await expect(world.use('sound')).rejects.toThrow('Command timed out');
    world.faults.clear();
    const answer = Promise.withResolvers<void>();
    world.gates.set('sound', [answer.promise]);
    world.faults.set('broken', new Error('Command timed out'));
    let isOver = false;
    const first = world.use('broken').catch(() => void (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    const second = world.process.count().catch(() => undefined);
    await new Promise(setImmediate);
    answer.resolve();
    await Promise.all([first, second]);
    world.faults.clear();
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 2, s1: 1 });
  });

  it('keeps what is not counted from being stored', async () => {
    world.faults.set('broken', new Error('Command timed out'));
    await expect(world.use('broken', 'sound')).rejects.toThrow('Command timed out');
    expect(world.store()).toBe(0);
    world.faults.clear();
    await world.process.tick();
    expect(world.store()).toBe(2);
    expect(world.counted).toEqual({ b1: 1, s1: 1 });
  });
});

describe('a project that cannot be counted', () => {
  const fault = new RangeError('not an amount that can be counted');

  it('keeps nobody else from being counted and stored, and misses nothing itself', async () => {
    world.faults.set('broken', fault);
    const before = await faultsTold();
    await world.use('broken', 'sound', 'broken');
    expect((await faultsTold()) - before).toBe(1);
    expect(world.counted).toEqual({ b1: 0, s1: 1 });
    expect(world.store()).toBe(3);
    await world.use('sound', 'broken');
    expect(world.counted).toEqual({ b1: 0, s1: 2 });
    expect(world.isComplete('broken', 0)).toBe(false);
    world.faults.clear();
    world.pass(1_000);
    await world.process.tick();
    await world.process.tick();
    expect(world.isComplete('broken', 0)).toBe(true);
    expect(world.counted).toEqual({ b1: 3, s1: 2 });
    expect(world.store()).toBe(2);
    await world.use('broken');
    expect(world.counted).toEqual({ b1: 4, s1: 2 });
  });

  it('keeps no other project from its new budgets, and is told of', async () => {
    await world.use('broken', 'sound');
    world.faults.set('broken', fault);
    world.newBudget('broken', 'b2');
    world.newBudget('sound', 's2');
    const before = await faultsTold();
    await world.process.tick();
    expect((await faultsTold()) - before).toBeGreaterThan(0);
    expect(world.counted).toEqual({ b1: 1, s1: 1, b2: 0, s2: 1 });
    expect(world.store()).toBe(2);
    world.faults.clear();
    world.pass(1_000);
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 1, s1: 1, b2: 1, s2: 1 });
  });
});

describe('a question about stored usage that is too much', () => {
  const tooSlow = new Error('Timeout error.');

  it('is the trouble of its project alone, which says so until its counters are right', async () => {
    await world.use('broken', 'sound');
    expect(world.store()).toBe(2);
    world.questionFaults.set('broken', tooSlow);
    world.newBudget('broken', 'b2');
    world.newBudget('sound', 's2');
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 1, s1: 1, b2: 0, s2: 1 });
    expect(world.isComplete('broken', 0)).toBe(false);
    expect(world.isComplete('sound', 0)).toBe(true);
    // Both go on being counted and stored, the budget that waits for its past among them.
    await world.use('broken', 'sound');
    expect(world.counted).toEqual({ b1: 2, s1: 2, b2: 1, s2: 2 });
    expect(world.store()).toBe(2);
    world.questionFaults.clear();
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 2, s1: 2, b2: 1, s2: 2 });
    world.pass(1_000);
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 2, s1: 2, b2: 2, s2: 2 });
    expect(world.isComplete('broken', 0)).toBe(true);
  });
});

describe('a project that takes too long while others wait', () => {
  it('is passed over for a while, stored meanwhile, and counted from what is stored', async () => {
    // Each call that counts it takes longer than a turn may; the first holds 300 events.
    world.slowMs.set('broken', 1_001);
    await world.use(...Array.from({ length: 400 }, () => 'broken'), 'sound');
    expect(world.counted).toEqual({ b1: 300, s1: 1 });
    expect(world.isComplete('broken', 0)).toBe(false);
    expect(world.store()).toBe(401);
    world.slowMs.clear();
    world.pass(60_000);
    await world.process.tick();
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 400, s1: 1 });
    expect(world.isComplete('broken', 0)).toBe(true);
  });
});

describe('a project that takes a short while in many partitions while others wait', () => {
  it('is passed over as well', async () => {
    // Below what one turn may take, together above it.
    world.slowMs.set('broken', 600);
    await world.useIn(1, 'broken');
    await world.use(...Array.from({ length: 400 }, () => 'broken'), 'sound');
    expect(world.counted).toEqual({ b1: 301, s1: 1 });
    expect(world.isComplete('broken', 0)).toBe(false);
    expect(world.store()).toBe(401);
    world.slowMs.clear();
    world.pass(60_000);
    await world.process.tick();
    await world.process.tick();
    expect(world.counted).toEqual({ b1: 401, s1: 1 });
  });

  it('goes on where nobody else does', async () => {
    world.slowMs.set('broken', 600);
    await world.useIn(1, 'broken');
    await world.use(...Array.from({ length: 400 }, () => 'broken'));
    expect(world.counted).toEqual({ b1: 401, s1: 0 });
  });
});

describe('a deleted budget, the only one of its project', () => {
  it('is told of with what it raised last', async () => {
    await world.use('sound');
    const watch = { kind: 'budget', project: 'sound', watch: 's1', name: 's1', on: 'events' };
    const window = { window_start: null, window_end: null, limit: '1', arming: 1 };
    const at = '2026-11-02T12:00:00.000Z';
    const crossed = { kind: 'crossed', threshold: '100%', key: '{}', amount: 1n } as const;
    const context = JSON.stringify({ ...watch, ...window });
    world.pending.set('sound', [pendingEntry({ ...crossed, eventTime: at, at, watch: context })]);
    world.deleteBudget('s1');
    await world.process.tick();
    expect(world.raised).toEqual(['budget.breached']);
  });

  it('is let go of once Redis answers again', async () => {
    await world.use('sound');
    world.deleteBudget('s1');
    world.faults.set('sound', new Error('Command timed out'));
    await expect(world.process.tick()).rejects.toThrow('Command timed out');
    expect(world.forgotten).toEqual([]);
    world.faults.clear();
    await world.process.tick();
    await world.process.tick();
    expect(world.forgotten).toEqual(['s1']);
  });
});

describe('the counting of a project', () => {
  it('is refused while it is under way', async () => {
    const owner = { cluster: 'c1', partition: 1, epoch: 2n };
    const { reads, writes } = world.stores;
    const counting = new ProjectCounting(
      'sound',
      owner,
      { ...reads, bounds: BOUNDS },
      new CountersSink(writes),
    );
    const index = new WatchIndex([compileBudget(world.budgets[1]!)]);
    const snapshot = { storedTo: -1n, countedTo: -1n, decidedTo: -1n, readTo: 0n, rows: [] };
    const pass = { index, snapshot, nowMs: 0, isOver: () => false };
    const first = counting.count(pass);
    await expect(counting.count(pass)).rejects.toThrow('is being counted already');
    expect(await first).toBe('counted');
  });

  it('begins with the mark again where taking it was cut off, and misses nothing that others were counted past', async () => {
    world.newBudget('late', 'l1');
    const index = new WatchIndex([compileBudget(world.budgets.at(-1)!)]);
    const { reads, writes } = world.stores;
    const sink = new CountersSink(writes);
    const nothing = { storedTo: -1n, countedTo: -1n, decidedTo: -1n, readTo: 0n, rows: [] };
    const pass = (snapshot: CountingSnapshot) => ({
      index,
      snapshot,
      nowMs: 0,
      isOver: () => false,
    });
    const owner = { cluster: 'c1', partition: 1, epoch: 2n };
    const former = new ProjectCounting('late', owner, { ...reads, bounds: BOUNDS }, sink);
    expect(await former.count(pass(nothing))).toBe('counted');
    // A process that has just begun knows no watch yet: it is counted past the first event.
    const rows = ['0', '1'].map((offset): UsageRow => {
      const origin = { cluster: 'c1', partition: 1, offset, appended_at: '' };
      return { usage: pricedUsage({ id: offset, project: 'late' }), origin, index: 0 };
    });
    const behind = { storedTo: -1n, countedTo: 0n, decidedTo: 1n, readTo: 2n, rows };
    let isAway = true;
    const isHeld = () =>
      isAway ? Promise.reject(new Error('Command timed out')) : Promise.resolve(true);
    const cut = { ...reads, ownership: { isHeld } };
    const counting = new ProjectCounting(
      'late',
      { ...owner, epoch: 3n },
      { ...cut, bounds: BOUNDS },
      sink,
    );
    await expect(counting.count(pass(behind))).rejects.toThrow('Command timed out');
    isAway = false;
    expect(counting.needsAll(index)).toBe(true);
    expect(await counting.count(pass(behind))).toBe('counted');
    expect(world.counted['l1']).toBe(2);
  });
});
