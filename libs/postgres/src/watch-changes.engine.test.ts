import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTestDatabase } from '#testing';
import { WatchBook } from '#watch-book';
import { connectPostgres, type Postgres, readWatchChanges, type StoredBudget } from './index.js';
import { BudgetWrites, ProjectWrites, RateWrites, WebhookEndpointWrites } from './writes.js';

let database: Awaited<ReturnType<typeof makeTestDatabase>>;
let postgres: Postgres;
let project: string;
let book: WatchBook;

beforeAll(async () => {
  database = await makeTestDatabase();
  postgres = connectPostgres(database.databaseUrl);
});
afterAll(async () => {
  await postgres.destroy();
  await database.drop();
});
beforeEach(async () => {
  project = `p_${randomUUID().slice(0, 8)}`;
  await new ProjectWrites(postgres).create({ id: project, name: project });
  book = new WatchBook({ changedSince: (from) => readWatchChanges(postgres, from) });
});

function newBudget(on: Postgres, limit = '100'): Promise<StoredBudget> {
  return new BudgetWrites(on).create({
    id: `bud_${randomUUID().slice(0, 8)}`,
    project,
    name: 'a budget',
    on: 'cost',
    scope: {},
    per: [],
    limit,
    window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
    thresholds: [],
    hard: false,
    projected: false,
    suspended: false,
    raise: null,
    renotify_seconds: null,
  });
}

/** A transaction that stays open until it is let end. */
function openTransaction(work: (transaction: Postgres) => Promise<unknown>) {
  const [done, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const ended = postgres.transaction().execute(async (transaction) => {
    await work(transaction);
    done.resolve();
    await end.promise;
  });
  const commit = () => {
    end.resolve();
    return ended;
  };
  return done.promise.then(() => commit);
}

const limits = () => book.budgetsOf(project).map(({ budget }) => budget.limit);

describe('a change that commits late', () => {
  it('is read, however many with higher numbers were read before it', async () => {
    const commit = await openTransaction((transaction) => newBudget(transaction, '1'));
    const other = await newBudget(postgres, '2');
    await book.refresh();
    for (let change = 0; change < 150; change += 1)
      await new BudgetWrites(postgres).change(project, other.id, () => ({ name: `n${change}` }));
    await book.refresh();
    expect(limits()).toEqual(['2']);
    await commit();
    await book.refresh();
    expect(limits().toSorted()).toEqual(['1', '2']);
  });

  it('is read where it changes what others have changed meanwhile', async () => {
    const changed = await newBudget(postgres, '1');
    const other = await newBudget(postgres, '2');
    // It has its number of a transaction before all others, and comes to the budget behind them.
    const waits = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const late = postgres.transaction().execute(async (transaction) => {
      await new BudgetWrites(transaction).change(project, other.id, () => ({ name: 'first' }));
      begun.resolve();
      await waits.promise;
      await new BudgetWrites(transaction).change(project, changed.id, () => ({ limit: '30' }));
    });
    await begun.promise;
    await new BudgetWrites(postgres).change(project, changed.id, () => ({ limit: '20' }));
    await book.refresh();
    await book.refresh();
    expect(limits().toSorted()).toEqual(['2', '20']);
    waits.resolve();
    await late;
    await book.refresh();
    expect(limits().toSorted()).toEqual(['2', '30']);
  });

  it('costs no second reading of what was there before it', async () => {
    await newBudget(postgres);
    const first = await readWatchChanges(postgres, 0n);
    expect(first.budgets.some((budget) => budget.project === project)).toBe(true);
    const second = await readWatchChanges(postgres, first.upTo);
    expect(second).toMatchObject({ budgets: [], rates: [] });
  });
});

describe('a project that is deleted', () => {
  it('ends with its watches, endpoints and mutes', async () => {
    await newBudget(postgres);
    await new RateWrites(postgres).create({
      id: `rat_${randomUUID().slice(0, 8)}`,
      project,
      name: 'a rate',
      on: 'requests',
      scope: {},
      per: [],
      over_seconds: 60,
      limit: '10',
      change_percent: null,
      events_min: 1,
    });
    const endpoint = `whe_${randomUUID().slice(0, 8)}`;
    await new WebhookEndpointWrites(postgres).create({
      id: endpoint,
      project,
      channel: 'webhook',
      url: 'https://hooks.example.com',
      events: ['*'],
      description: null,
      secret: 'whsec_MQ==',
    });
    await book.refresh();
    expect(book.of(project)?.all).toHaveLength(2);
    expect((await new ProjectWrites(postgres).delete(project))?.id).toBe(project);
    await book.refresh();
    expect(book.of(project)).toBeNull();
    expect(book.projects()).not.toContain(project);
    expect(book.ended).toEqual([project]);
    const rows = await postgres
      .selectFrom('webhook_endpoints')
      .select('deleted_at')
      .where('id', '=', endpoint)
      .execute();
    expect(rows[0]!.deleted_at).not.toBeNull();
    expect(await new ProjectWrites(postgres).delete(project)).toBeUndefined();
  });
});
