import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { eventually, makeTestDatabase } from '#testing';
import type { DueDelivery } from './due-delivery.js';
import {
  type AttemptRecord,
  connectPostgres,
  Deliveries,
  type Postgres,
  type Room,
} from './index.js';
import { AlertOutbox, DeliveryWrites, ProjectWrites, WebhookEndpointWrites } from './writes.js';

const NOW = new Date('2026-11-21T17:00:00.000Z');
const ROOM = {
  healthy: 100,
  troubled: { total: 0, endpoints: [] },
  named: {},
  others: 100,
};
const FAILED: AttemptRecord = {
  at: NOW,
  succeeded: false,
  status: 500,
  answer: 'status 500',
  durationMs: 7,
  state: 'pending',
  nextAt: new Date('2026-11-21T17:00:05.000Z'),
};

let database: Awaited<ReturnType<typeof makeTestDatabase>>;
let postgres: Postgres;
let project: string;
let endpoint: string;

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
  endpoint = await newEndpoint();
});

async function newEndpoint(): Promise<string> {
  const id = `whe_${randomUUID().slice(0, 8)}`;
  await new WebhookEndpointWrites(postgres).create({
    id,
    project,
    channel: 'webhook',
    url: 'https://hooks.example.com',
    events: ['*'],
    description: null,
    secret: 'whsec_MQ==',
  });
  return id;
}

/** A delivery on its way: recorded, and leased to this test for `leaseMs`. */
async function begun(leaseMs: number): Promise<DueDelivery> {
  const raised_at = NOW.toISOString();
  const alert = { id: randomUUID(), project, type: 'budget.breached', raised_at, raised_by: null };
  const lease = { now: NOW, leaseMs };
  const { deliveries } = await new AlertOutbox(postgres).record([{ ...alert, data: {} }], lease);
  return deliveries[0]!;
}

const finish = (due: DueDelivery, outcome = FAILED) =>
  postgres
    .transaction()
    .execute((transaction) => new DeliveryWrites(transaction).finish(due, outcome));
const disable = () =>
  new WebhookEndpointWrites(postgres).disable(project, endpoint, { at: NOW, reason: 'gone' });
const remove = () => new WebhookEndpointWrites(postgres).delete(project, endpoint);
const claim = (room: Room = ROOM) =>
  new DeliveryWrites(postgres).claim(room, { now: NOW, leaseMs: 60_000 });
/** Until another transaction has come to the rows that this one holds. */
const otherWaits = () =>
  eventually(async () => {
    const { rows } = await sql`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
      postgres,
    );
    return rows.length > 0 ? true : null;
  });
const resend = (id: string) => new DeliveryWrites(postgres).resend(id, NOW);
const rowOf = (id: string) =>
  postgres
    .selectFrom('deliveries')
    .select(['state', 'attempts', 'attempts_before', 'next_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
const states = async () =>
  (await new Deliveries(postgres).list(endpoint, { limit: 10 })).map(({ state }) => state);

describe('a delivery', () => {
  it('waits for its next attempt while its endpoint lives', async () => {
    await finish(await begun(60_000));
    expect(await states()).toEqual(['pending']);
  });

  it.each([
    ['deleted', remove],
    ['disabled', disable],
  ])('has failed when its attempt fails after its endpoint was %s', async (_, end) => {
    const due = await begun(60_000);
    await end();
    expect(await finish(due)).toBe(true);
    expect(await states()).toEqual(['failed']);
  });

  it('has failed also when its attempt ends while its endpoint is being deleted', async () => {
    const due = await begun(60_000);
    const { promise: written, resolve: goOn } = Promise.withResolvers<void>();
    const deletion = postgres.transaction().execute(async (transaction) => {
      await new WebhookEndpointWrites(transaction).delete(project, endpoint);
      goOn();
      await otherWaits();
    });
    await written;
    await Promise.all([finish(due), deletion]);
    expect(await states()).toEqual(['failed']);
  });

  it('counts as delivered when it arrived nevertheless', async () => {
    const due = await begun(60_000);
    await remove();
    await finish(due, { ...FAILED, succeeded: true, state: 'delivered', nextAt: null });
    expect(await states()).toEqual(['delivered']);
  });

  it('counts each attempt once: an outcome that comes too late changes nothing', async () => {
    const due = await begun(60_000);
    expect(await finish(due)).toBe(true);
    expect(
      await finish(due, { ...FAILED, succeeded: true, state: 'delivered', nextAt: null }),
    ).toBe(false);
    expect(await rowOf(due.id)).toMatchObject({ state: 'pending', attempts: 1 });
  });

  it('that is sent again begins its schedule anew: attempts so far count no more', async () => {
    const due = await begun(60_000);
    await finish(due, { ...FAILED, state: 'failed', nextAt: null });
    await resend(due.id);
    const [again] = await claim();
    expect(again).toMatchObject({ id: due.id, attempts: 1, attemptsBefore: 1 });
    await finish(again!);
    expect(await rowOf(due.id)).toMatchObject({
      state: 'pending',
      attempts: 2,
      attempts_before: 1,
    });
  });

  it.each([
    ['arrives', { ...FAILED, succeeded: true, state: 'delivered' as const, nextAt: null }],
    ['fails for the last time', { ...FAILED, state: 'failed' as const, nextAt: null }],
    ['fails', FAILED],
  ])('that is sent again during an attempt that %s is attempted once more', async (_, outcome) => {
    const due = await begun(60_000);
    await resend(due.id);
    expect(await finish(due, outcome)).toBe(true);
    const after = { state: 'pending', attempts: 1, attempts_before: 1, next_at: NOW };
    expect(await rowOf(due.id)).toEqual(after);
    const [again] = await claim();
    expect(again).toMatchObject({ id: due.id, attempts: 1 });
    await finish(again!, { ...FAILED, succeeded: true, state: 'delivered', nextAt: null });
    expect(await rowOf(due.id)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('that is sent again during an attempt stays given up where its endpoint is gone', async () => {
    const due = await begun(60_000);
    await resend(due.id);
    await remove();
    await finish(due);
    expect(await states()).toEqual(['failed']);
  });

  it('of a project with few waits for no more than a turn of one with many', async () => {
    const many = [await begun(0), await begun(0), await begun(0)];
    project = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(postgres).create({ id: project, name: project });
    endpoint = await newEndpoint();
    const few = await begun(0);
    const claimed = (await claim({ ...ROOM, healthy: 2 })).map(({ id }) => id);
    expect(claimed).toContain(few.id);
    expect(claimed.filter((id) => many.some((due) => due.id === id))).toHaveLength(1);
    await claim();
  });

  it('finds a place beside any number of endpoints in trouble', async () => {
    const endpoints = [await newEndpoint(), await newEndpoint(), await newEndpoint()];
    // Due, and not leased any more: one to each of the four.
    await begun(0);
    const room = { ...ROOM, healthy: 1, troubled: { total: 2, endpoints } };
    const claimed = (await claim(room)).map((due) => due.endpoint.id);
    expect(claimed).toHaveLength(3);
    expect(claimed).toContain(endpoint);
    const [left, ...more] = await claim();
    expect([endpoints.includes(left!.endpoint.id), more]).toEqual([true, []]);
  });

  it('that is left behind for a dead endpoint is given up, once nobody attempts it', async () => {
    await begun(0);
    await begun(60_000);
    // As recording leaves them that saw the endpoint alive while it was being disabled.
    const dead = { disabled_at: NOW };
    await postgres.updateTable('webhook_endpoints').set(dead).where('id', '=', endpoint).execute();
    expect(await claim()).toEqual([]);
    expect((await states()).sort()).toEqual(['failed', 'pending']);
  });
});
