import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { someBudget } from '#samples';
import { makeTestDatabase } from '#testing';
import { type AlertPosition, AlertRetentionWrites } from './alert-retention-writes.js';
import { connectPostgres, type Postgres } from './database.js';
import { BudgetWrites } from './budget-writes.js';
import { ProjectWrites } from './project-writes.js';
import { SetAsideAlertWrites } from './set-aside-alert-writes.js';
import { WebhookEndpointWrites } from './webhook-endpoint-writes.js';

const BEFORE = new Date('2026-08-01T00:00:00.000Z');
const OLD = new Date('2025-11-01T00:00:00.000Z');

let postgres: Postgres;
let drop: () => Promise<void>;
let retention: AlertRetentionWrites;
let project: string;
let endpoint: string;

beforeAll(async () => {
  const database = await makeTestDatabase();
  ({ drop } = database);
  postgres = connectPostgres(database.databaseUrl);
  retention = new AlertRetentionWrites(postgres);
});
afterAll(async () => {
  await postgres.destroy();
  await drop();
});
beforeEach(async () => {
  await postgres.deleteFrom('delivery_attempts').execute();
  await postgres.deleteFrom('deliveries').execute();
  await postgres.deleteFrom('alerts').execute();
  project = `p_${randomUUID().slice(0, 8)}`;
  endpoint = `whe_${project}`;
  await new ProjectWrites(postgres).create({ id: project, name: project });
  await new WebhookEndpointWrites(postgres).create({
    id: endpoint,
    project,
    channel: 'webhook',
    url: 'https://hooks.example.com',
    events: ['*'],
    description: null,
    secret: 'whsec_MQ==',
  });
});

interface Told {
  watch?: string | null;
  windowEnd?: string | null;
  arming?: number;
  type?: string;
  reminder?: boolean;
  acknowledged?: boolean;
  at?: Date;
}

async function tell(id: string, told: Told = {}): Promise<void> {
  const { watch = null, windowEnd = null, arming = 3, type = 'budget.breached' } = told;
  await postgres
    .insertInto('alerts')
    .values({
      id,
      project,
      type,
      data: JSON.stringify({ reminder: told.reminder ?? false }),
      raised_at: told.at ?? OLD,
      watch,
      counter: watch === null ? null : '{}',
      window_start: windowEnd === null ? null : OLD,
      window_end: windowEnd === null ? null : new Date(windowEnd),
      threshold: '100%',
      arming,
    })
    .execute();
  await postgres
    .updateTable('alerts')
    .set({ acknowledged_at: told.acknowledged ? OLD : null })
    .where('id', '=', id)
    .execute();
  await setAge('alerts', id, told.at ?? OLD);
}

/** Rows are dated by the database; a test makes them old. */
async function setAge(
  table: 'alerts' | 'deliveries' | 'alerts_set_aside',
  id: string,
  at: Date,
): Promise<void> {
  await sql`UPDATE ${sql.table(table)} SET created_at = ${at} WHERE id = ${id}`.execute(postgres);
}

async function deliver(id: string, alert: string, state: 'pending' | 'delivered', at = OLD) {
  await postgres
    .insertInto('deliveries')
    .values({ id, project, alert, endpoint, state, next_at: at })
    .execute();
  await postgres
    .insertInto('delivery_attempts')
    .values({
      delivery: id,
      attempt: 1,
      endpoint,
      at,
      succeeded: true,
      status: 200,
      answer: '',
      duration_ms: 1,
    })
    .execute();
  await setAge('deliveries', id, OLD);
}

const idsOf = async (table: 'alerts' | 'deliveries') =>
  (await postgres.selectFrom(table).select('id').orderBy('id').execute()).map(({ id }) => id);

/** In slices of two. Answers how many slices there were. */
async function removeAlerts(): Promise<number> {
  let after: AlertPosition | null = null;
  let slices = 0;
  do {
    ({ next: after } = await retention.removeAlerts({ before: BEFORE, after, limit: 2 }));
    slices += 1;
  } while (after !== null);
  return slices;
}

/** As the console makes it. */
async function addBudget(id: string, window: 'calendar' | 'rolling' | 'lifetime'): Promise<void> {
  const windows = {
    calendar: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
    rolling: { kind: 'rolling', seconds: 3_600 },
    lifetime: { kind: 'lifetime' },
  } as const;
  const {
    name,
    on,
    scope,
    per,
    limit,
    thresholds,
    hard,
    projected,
    suspended,
    raise,
    renotify_seconds,
  } = someBudget();
  await new BudgetWrites(postgres).create({
    id,
    project,
    name,
    on,
    scope,
    per,
    limit,
    thresholds,
    hard,
    projected,
    suspended,
    raise,
    renotify_seconds,
    window: windows[window],
  });
}

const deleteBudget = (id: string) =>
  postgres.updateTable('budgets').set({ deleted_at: OLD }).where('id', '=', id).execute();

describe('the end of alerts', () => {
  it('comes by age where no watch raised them, in slices, with their deliveries', async () => {
    for (const nth of [1, 2, 3, 4, 5]) await tell(`a${nth}`);
    await tell('young', { at: new Date('2026-09-01T00:00:00.000Z') });
    await deliver('d1', 'a1', 'delivered');
    expect(await removeAlerts()).toBe(3);
    expect(await idsOf('alerts')).toEqual(['young']);
    expect(await idsOf('deliveries')).toEqual([]);
  });

  it('waits for a delivery that waits', async () => {
    await tell('a1');
    await deliver('d1', 'a1', 'pending');
    await removeAlerts();
    expect(await idsOf('alerts')).toEqual(['a1']);
  });

  it('waits for the end of a window, and as long again: until then the same could be raised', async () => {
    const watch = `b1 ${project}`;
    await addBudget(watch, 'calendar');
    await tell('open breach', { watch, windowEnd: '2027-01-01T00:00:00.000Z' });
    await tell('late usage may reach it', { watch, windowEnd: '2026-08-01T00:00:00.000Z' });
    await tell('over', { watch, windowEnd: '2026-07-31T23:59:59.000Z' });
    await removeAlerts();
    expect(await idsOf('alerts')).toEqual(['late usage may reach it', 'open breach']);
  });

  it('waits as long as a budget for ever lives', async () => {
    const watch = `b2 ${project}`;
    await addBudget(watch, 'lifetime');
    await tell('first limit', { watch, arming: 3 });
    await tell('second limit', { watch, arming: 6 });
    await removeAlerts();
    expect(await idsOf('alerts')).toEqual(['first limit', 'second limit']);
    await deleteBudget(watch);
    await removeAlerts();
    expect(await idsOf('alerts')).toEqual([]);
  });

  it('leaves of a sliding counter what its present state rests on', async () => {
    const watch = `b3 ${project}`;
    await addBudget(watch, 'rolling');
    await tell('breached 1', { watch, arming: 1 });
    await tell('recovered 1', { watch, arming: 1, type: 'budget.recovered' });
    await tell('half of 2', { watch, arming: 2, type: 'budget.threshold_reached' });
    await tell('breached 2', { watch, arming: 2 });
    await removeAlerts();
    expect(await idsOf('alerts')).toEqual(['breached 2', 'half of 2']);
  });

  it('leaves of the reminders of a breach the last one, and those that somebody acknowledged', async () => {
    const watch = `b4 ${project}`;
    await addBudget(watch, 'lifetime');
    await tell('breach', { watch });
    await tell('r1', { watch, reminder: true, acknowledged: true });
    await tell('r2', { watch, reminder: true });
    await tell('r3', { watch, reminder: true });
    await removeAlerts();
    expect(await idsOf('alerts')).toEqual(['breach', 'r1', 'r3']);
  });
});

describe('the end of deliveries', () => {
  it('comes to those that ended, with their attempts, and leaves their alerts', async () => {
    await tell('a1');
    await tell('a2');
    await tell('a3');
    await deliver('ended', 'a1', 'delivered');
    await deliver('waiting', 'a2', 'pending');
    await deliver('sent again lately', 'a3', 'delivered', new Date('2026-09-01T00:00:00.000Z'));
    const removal = { before: BEFORE, limit: 10 };
    expect(await retention.removeDeliveries(removal)).toBe(1);
    expect(await retention.removeDeliveries(removal)).toBe(0);
    expect(await idsOf('deliveries')).toEqual(['sent again lately', 'waiting']);
    const attempts = await postgres.selectFrom('delivery_attempts').select('delivery').execute();
    expect(attempts).toHaveLength(2);
    expect(await idsOf('alerts')).toEqual(['a1', 'a2', 'a3']);
  });
});

describe('the end of alerts that were set aside', () => {
  it('comes by their age alone, the oldest first', async () => {
    const reasons = ['oldest', 'old', 'of that moment', 'young'];
    const writes = new SetAsideAlertWrites(postgres);
    await writes.add(
      reasons.map((reason) => ({ project, content: Buffer.from(`alert ${reason}`), reason })),
    );
    const rows = () =>
      postgres.selectFrom('alerts_set_aside').select(['id', 'reason']).orderBy('created_at');
    const ages = [OLD, new Date('2026-07-31T23:59:59.999Z'), BEFORE, new Date()];
    for (const { id, reason } of await rows().execute())
      await setAge('alerts_set_aside', id, ages[reasons.indexOf(reason)]!);
    const left = async () => (await rows().execute()).map(({ reason }) => reason);
    expect(await retention.removeSetAside({ before: BEFORE, limit: 1 })).toBe(1);
    expect(await left()).toEqual(['old', 'of that moment', 'young']);
    expect(await retention.removeSetAside({ before: BEFORE, limit: 10 })).toBe(1);
    expect(await retention.removeSetAside({ before: BEFORE, limit: 10 })).toBe(0);
    expect(await left()).toEqual(['of that moment', 'young']);
  });
});
