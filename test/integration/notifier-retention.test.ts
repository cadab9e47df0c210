import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Clock, createLogger } from '#platform';
import { connectPostgres, type Postgres } from '#postgres';
import { SetAsideAlertWrites } from '#postgres/writes';
import { makeTestDatabase } from '#testing';
import { NotifierConfig } from '../../apps/notifier/src/notifier.config.js';
import { NotifierMetrics } from '../../apps/notifier/src/notifier.metrics.js';
import { NotifierSink } from '../../apps/notifier/src/notifier.sink.js';
import { Retention } from '../../apps/notifier/src/retention.js';

const DAY_MS = 86_400_000;

let aggregator: Postgres;
let notifier: Postgres;
let owner: Postgres;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await makeTestDatabase();
  ({ drop } = database);
  aggregator = connectPostgres(database.urlAs('aggregator'));
  notifier = connectPostgres(database.urlAs('notifier'));
  owner = connectPostgres(database.databaseUrl);
});
afterAll(async () => {
  for (const postgres of [aggregator, notifier, owner]) await postgres.destroy();
  await drop();
});

describe('alerts that can never be raised', () => {
  it('end when they were kept for 400 days, however many there are, and no sooner', async () => {
    const alerts = Array.from({ length: 1_201 }, (_, n) => ({
      project: 'p1',
      content: Buffer.from(`alert ${n}`),
      reason: 'too large',
    }));
    const writes = new SetAsideAlertWrites(aggregator);
    await writes.add(alerts);
    const config = new NotifierConfig();
    const metrics = new NotifierMetrics();
    const logger = createLogger('notifier', 'fatal');
    const sink = new NotifierSink(config, notifier, metrics, logger);
    const sweep = (daysLater: number, isStopped = false) =>
      new Retention(config, sink, new Clock(daysLater * DAY_MS)).sweep(() => isStopped);
    const left = async () =>
      (await owner.selectFrom('alerts_set_aside').select('id').execute()).length;

    await sweep(399);
    await sweep(401, true);
    expect(await left()).toBe(1_201);
    await sweep(401);
    expect(await left()).toBe(0);
    const { values } = await metrics.removed.get();
    expect(values.find(({ labels }) => labels.table === 'alerts_set_aside')?.value).toBe(1_201);
  });
});
