import { expect, it } from '@jest/globals';
import { someBudget } from '#samples';
import { WatchBook } from '#watch-book';
import { CountersSink, type CountersWritePorts } from '../counters.sink.js';
import type { CountingReads } from '../counting.ports.js';
import { SlidingJudging } from './sliding-judging.js';

it('counters that have reached a bound are judged a few at a time, each once', async () => {
  const rolling = { kind: 'rolling', seconds: 60 } as const;
  const budgets = [someBudget({ id: 'b1', per: ['customer'], window: rolling })];
  const book = new WatchBook({
    changedSince: () => Promise.resolve({ budgets, rates: [], ended: [], upTo: 1n }),
  });
  await book.refresh();
  const keys = Array.from({ length: 1_000 }, (_, n) => JSON.stringify({ customer: `c${n}` }));
  const states = {
    firing: () => Promise.resolve(keys.map((key) => ({ watchId: 'b1', key }))),
    keysOf: () => Promise.resolve([]),
    hasBaseline: () => Promise.resolve(true),
  };
  const judged: string[][] = [];
  const judge: CountersWritePorts['states']['judge'] = (_project, _at, checks) => {
    judged.push(checks.flatMap(({ counters }) => counters.map(({ key }) => key)));
    return Promise.resolve({ waiting: 0, pendingAlerts: 0, refusedKeys: 1 });
  };
  const sink = new CountersSink({ states: { judge } } as CountersWritePorts);
  const ports: Pick<CountingReads, 'states' | 'partitions'> = { states, partitions: 12 };
  const judging = new SlidingJudging(ports as CountingReads, sink, book);
  const refused = await judging.judge('p1', Date.parse('2026-11-02T12:00:00.000Z'));
  expect(judged.flat()).toEqual(keys);
  // 65 buckets each: 1,625 values in one call.
  expect(Math.max(...judged.map(({ length }) => length))).toBe(25);
  expect(refused).toBe(40);
});
