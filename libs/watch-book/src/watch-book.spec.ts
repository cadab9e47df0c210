import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import type { Budget, Rate } from '#watches';
import { WatchBook } from './watch-book.js';

const rate: Rate = {
  id: 'r1',
  project: 'p2',
  name: 'a rate',
  on: 'requests',
  scope: {},
  per: [],
  over_seconds: 60,
  limit: '10',
  change_percent: null,
  events_min: 1,
  change: 1n,
  created_at: '2026-11-01T00:00:00.000Z',
  deleted_at: null,
};

let budgets: Budget[];
let rates: Rate[];
/** What each refresh asked for. */
let asked: bigint[];
/** Below it, all is committed. */
let oldestOpen: bigint;
let ended: string[];
let book: WatchBook;

beforeEach(() => {
  budgets = [];
  rates = [];
  asked = [];
  oldestOpen = 0n;
  ended = [];
  book = new WatchBook({
    changedSince: (from) => {
      asked.push(from);
      const news = <T extends { change: bigint }>(all: T[]) =>
        all.filter((one) => one.change >= from);
      return Promise.resolve({
        budgets: news(budgets),
        rates: news(rates),
        ended,
        upTo: oldestOpen,
      });
    },
  });
});

const budget = (id: string, change: bigint, more: Partial<Budget> = {}): Budget => ({
  id,
  project: 'p1',
  name: 'a budget',
  on: 'events',
  scope: {},
  per: [],
  limit: '1',
  window: { kind: 'rolling', seconds: 60 },
  thresholds: [],
  hard: false,
  projected: false,
  suspended: false,
  raise: null,
  renotify_seconds: null,
  armed_at: '2026-11-01T00:00:00.000Z',
  change,
  arming: 1,
  created_at: '2026-11-01T00:00:00.000Z',
  deleted_at: null,
  ...more,
});

const idsOf = (project: string) => book.of(project)?.all.map(({ watch }) => watch.id);

describe('the book of watches', () => {
  it('has the watches of each project, and nothing of one without any', async () => {
    budgets = [budget('b1', 1n), budget('b2', 2n)];
    rates = [rate];
    await book.refresh();
    expect(idsOf('p1')).toEqual(['b1', 'b2']);
    expect(idsOf('p2')).toEqual(['r1']);
    expect(book.of('p3')).toBeNull();
    expect(book.projects()).toEqual(['p1', 'p2']);
    expect(book.budgetsOf('p1').map((one) => one.budget.id)).toEqual(['b1', 'b2']);
    expect(book.budgetsOf('p2')).toEqual([]);
    expect(book.find('p2', 'r1')?.rate?.id).toBe('r1');
    expect(book.find('p1', 'r1')).toBeNull();
  });

  it('asks for what was open at the last look, however far it lies behind', async () => {
    budgets = [budget('b1', 250_000n)];
    oldestOpen = 7n;
    await book.refresh();
    budgets.push(budget('late', 7n));
    oldestOpen = 250_001n;
    await book.refresh();
    await book.refresh();
    expect(asked).toEqual([0n, 7n, 250_001n]);
    expect(idsOf('p1')).toEqual(['b1', 'late']);
  });

  it('reads everything again now and then, and drops what is nowhere any more', async () => {
    budgets = [budget('b1', 1n), budget('b2', 2n)];
    rates = [rate];
    oldestOpen = 1_000n;
    await book.refresh();
    // A backup was put in its place: no change says so.
    budgets = [budgets[0]!, budget('b3', 3n)];
    rates = [];
    for (let look = 1; look < 600; look += 1) await book.refresh();
    expect(idsOf('p1')).toEqual(['b1', 'b2']);
    await book.refresh();
    expect(asked.filter((from) => from === 0n)).toHaveLength(2);
    expect(idsOf('p1')).toEqual(['b1', 'b3']);
    expect(book.projects()).toEqual(['p1']);
    expect(book.removed.map(({ watchId }) => watchId)).toEqual(['b2', 'r1']);
  });

  it('never takes up an older definition behind a newer one', async () => {
    budgets = [budget('b1', 2n, { limit: '7' })];
    await book.refresh();
    budgets = [budget('b1', 1n, { limit: '1' })];
    await book.refresh();
    expect(book.budgetsOf('p1').map((one) => one.budget.limit)).toEqual(['7']);
  });

  it('looks once for all who ask at the same time', async () => {
    await Promise.all([book.refresh(), book.refresh(), book.refresh()]);
    expect(asked).toHaveLength(1);
  });

  it('compiles what changed and keeps the rest as it is', async () => {
    budgets = [budget('b1', 1n), budget('b2', 2n)];
    await book.refresh();
    const [index, first, second] = [book.of('p1'), book.find('p1', 'b1'), book.find('p1', 'b2')];
    await book.refresh();
    expect(book.of('p1')).toBe(index);
    budgets[1] = budget('b2', 3n, { limit: '7' });
    await book.refresh();
    expect(book.of('p1')).not.toBe(index);
    expect(book.find('p1', 'b1')).toBe(first);
    expect(book.find('p1', 'b2')).not.toBe(second);
    expect(book.budgetsOf('p1').map((one) => one.budget.limit)[1]).toBe('7');
  });

  it('keeps what was deleted on a list until it is let go of', async () => {
    budgets = [budget('b1', 1n)];
    await book.refresh();
    budgets[0] = budget('b1', 2n, { deleted_at: '2026-11-02T12:00:00.000Z' });
    await book.refresh();
    await book.refresh();
    expect(book.of('p1')).toBeNull();
    expect(book.find('p1', 'b1')).toBeNull();
    // What it raised last may still wait.
    expect(book.projects()).toEqual(['p1']);
    expect(book.removed).toEqual([{ project: 'p1', watchId: 'b1' }]);
    book.letGo(book.removed);
    expect(book.removed).toEqual([]);
  });

  it('sets aside the one that cannot be computed, says why, and goes on with those beside it', async () => {
    const inZone = (time_zone: string) =>
      ({ window: { kind: 'calendar', unit: 'day', time_zone } }) as const;
    budgets = [budget('b1', 1n), budget('b2', 2n, inZone('IST'))];
    rates = [{ ...rate, over_seconds: Number.NaN }];
    await book.refresh();
    expect(idsOf('p1')).toEqual(['b1']);
    expect(book.of('p2')).toBeNull();
    expect(book.setAside.map(({ watch, reason }) => [watch.id, reason])).toEqual([
      ['b2', '"IST" is no IANA time zone such as "Europe/Berlin"'],
      ['r1', 'its windows have no length'],
    ]);
    budgets[1] = budget('b2', 3n, inZone('Asia/Kolkata'));
    rates = [{ ...rate, change: 4n, deleted_at: '2026-11-02T12:00:00.000Z' }];
    await book.refresh();
    expect(idsOf('p1')).toEqual(['b1', 'b2']);
    expect(book.setAside).toEqual([]);
    budgets[1] = budget('b2', 5n, inZone('PST'));
    await book.refresh();
    expect(idsOf('p1')).toEqual(['b1']);
  });

  it('forgets the largest memos where all together are too much', async () => {
    const small = new WatchBook(
      {
        changedSince: () =>
          Promise.resolve({
            budgets: [
              budget('b1', 1n, { per: ['customer'] }),
              budget('b2', 2n, { project: 'p2', per: ['customer'] }),
            ],
            rates: [],
            ended: [],
            upTo: 0n,
          }),
      },
      100_000,
    );
    await small.refresh();
    const [large, other] = [small.of('p1')!.targets, small.of('p2')!.targets];
    other.of({ customer: 'acme' } as unknown as PricedUsage, 100);
    for (let n = 0; n < 200; n += 1)
      large.of({ customer: `${n}`.padEnd(500, 'x') } as unknown as PricedUsage, 100);
    expect(large.bytes).toBeGreaterThan(100_000);
    const before = other.bytes;
    await small.refresh();
    expect([large.bytes, other.bytes]).toEqual([0, before]);
  });

  it('knows nothing more of a project that is deleted', async () => {
    budgets = [budget('b1', 1n), budget('b2', 2n, { project: 'p2' })];
    await book.refresh();
    budgets[0] = budget('b1', 3n, { deleted_at: '2026-11-02T12:00:00.000Z' });
    ended = ['p1'];
    await book.refresh();
    await book.refresh();
    expect(book.projects()).toEqual(['p2']);
    expect(book.removed).toEqual([{ project: 'p1', watchId: 'b1' }]);
    expect(book.ended).toEqual(['p1']);
    book.letGoOf(book.ended);
    await book.refresh();
    expect(book.ended).toEqual([]);
  });

  it('says so when the changes cannot be read, and knows what it knew', async () => {
    budgets = [budget('b1', 1n)];
    await book.refresh();
    const away = new WatchBook({ changedSince: () => Promise.reject(new Error('away')) });
    await expect(away.refresh()).rejects.toThrow('away');
    expect(away.projects()).toEqual([]);
    expect(idsOf('p1')).toEqual(['b1']);
  });
});
