import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeTestDatabase } from '#testing';
import { AlertHistory, connectPostgres, type NewAlert, type Postgres } from './index.js';
import { AlertMuteWrites, AlertOutbox, ProjectWrites, WebhookEndpointWrites } from './writes.js';

/** Ahead of the database's own clock: a mute that is over there goes. */
const NOW = new Date('2126-11-21T17:00:00.000Z');
const LATER = new Date('2126-11-21T18:00:00.000Z');

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
  project = await newProject();
  endpoint = await newEndpoint(project);
});

async function newProject(): Promise<string> {
  const id = `p_${randomUUID().slice(0, 8)}`;
  await new ProjectWrites(postgres).create({ id, name: id });
  return id;
}

async function newEndpoint(owner: string): Promise<string> {
  const id = `whe_${randomUUID().slice(0, 8)}`;
  const row = { id, project: owner, events: ['*'], description: null, secret: 'whsec_MQ==' };
  await new WebhookEndpointWrites(postgres).create({
    ...row,
    channel: 'webhook',
    url: 'https://hooks.example.com',
  });
  return id;
}

const alert = (customer: string, change: Partial<NewAlert> = {}): NewAlert => ({
  id: randomUUID(),
  project,
  type: 'budget.breached',
  raised_at: NOW.toISOString(),
  raised_by: {
    watch: 'bud_1',
    counter: JSON.stringify({ customer }),
    window_start: '2026-11-01T00:00:00.000Z',
    window_end: '2026-12-01T00:00:00.000Z',
    threshold: '100%',
    arming: 3,
  },
  data: { customer },
  ...change,
});

/** The customers whose alerts are owed to the endpoint. */
async function owed(alerts: NewAlert[], now = NOW): Promise<string[]> {
  const { deliveries } = await new AlertOutbox(postgres).record(alerts, { now, leaseMs: 1_000 });
  return deliveries.map((delivery) => String(delivery.alert.data['customer'])).sort();
}

const rows = () =>
  postgres
    .selectFrom('alerts')
    .selectAll()
    .where('project', '=', project)
    .orderBy('sequence')
    .execute();

const mute = (of: { project?: string; watch?: string; counter?: string } = {}) =>
  new AlertMuteWrites(postgres).put({
    id: `mut_${randomUUID().slice(0, 8)}`,
    project,
    watch: 'bud_1',
    counter: '',
    until: LATER,
    ...of,
  });

describe('the outbox', () => {
  it('keeps what raised an alert in columns, and the order of recording', async () => {
    await owed([alert('acme'), alert('globex', { type: 'model.unpriced', raised_by: null })]);
    const [first, second] = await rows();
    expect(first).toMatchObject({
      watch: 'bud_1',
      counter: '{"customer":"acme"}',
      window_start: new Date('2026-11-01T00:00:00.000Z'),
      window_end: new Date('2026-12-01T00:00:00.000Z'),
      threshold: '100%',
      arming: 3,
      muted: false,
      acknowledged_at: null,
    });
    expect(second).toMatchObject({ watch: null, counter: null, window_start: null, arming: null });
    expect(second!.sequence > first!.sequence).toBe(true);
  });

  it('takes the first of two raises of one alert, also within one batch', async () => {
    const once = alert('acme');
    expect(await owed([once, { ...once, data: { customer: 'other' } }, once])).toEqual(['acme']);
    expect(await owed([once])).toEqual([]);
  });
});

describe('a counter key longer than an index takes', () => {
  const counter = () => JSON.stringify({ customer: randomBytes(3_000).toString('base64') });
  const of = (key: string) => {
    const raised = alert('acme');
    return { ...raised, raised_by: { ...raised.raised_by!, counter: key } };
  };

  it('is recorded, and found again', async () => {
    const [long, other] = [counter(), counter()];
    expect(await owed([of(long)])).toEqual(['acme']);
    const start = new Date('2026-11-01T00:00:00.000Z');
    const history = new AlertHistory(postgres);
    const breached = await history.breached(project, 'bud_1', [long, other], start);
    expect([...breached]).toEqual([long]);
  });

  it('is muted, once', async () => {
    const [long, other] = [counter(), counter()];
    const first = await mute({ counter: long });
    expect((await mute({ counter: long })).id).toBe(first.id);
    expect(await owed([of(long)])).toEqual([]);
    expect(await owed([of(other)])).toEqual(['acme']);
  });
});

describe('a mute', () => {
  it('of a watch keeps its alerts from being sent, and in the history', async () => {
    await mute();
    expect(await owed([alert('acme'), alert('globex')])).toEqual([]);
    expect((await rows()).map(({ muted }) => muted)).toEqual([true, true]);
  });

  it('of a counter keeps silent that counter alone', async () => {
    await mute({ counter: '{"customer":"acme"}' });
    expect(await owed([alert('acme'), alert('globex')])).toEqual(['globex']);
  });

  it('keeps nothing else silent: other watches, other projects, notices that no watch raised', async () => {
    await mute({ watch: 'bud_2' });
    await mute({ project: await newProject() });
    const unwatched = alert('unwatched', { type: 'model.unpriced', raised_by: null });
    expect(await owed([alert('acme'), unwatched])).toEqual(['acme', 'unwatched']);
  });

  it('ends at its time, and what it kept silent stays unsent, in a replay too', async () => {
    await mute();
    const silenced = alert('acme');
    await owed([silenced]);
    const atEnd = { raised_at: LATER.toISOString() };
    expect(await owed([silenced, alert('globex', atEnd)], LATER)).toEqual(['globex']);
    const range = { from: NOW, to: new Date(LATER.getTime() + 1) };
    await postgres.updateTable('deliveries').set({ state: 'delivered', next_at: null }).execute();
    expect(await new AlertOutbox(postgres).replay({ project, endpoint }, range, LATER)).toBe(1);
  });
});
