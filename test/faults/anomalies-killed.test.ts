import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { insertUsageRaw } from '#clickhouse/writes';
import { type AlertRaised, TOPICS } from '#contracts';
import { KafkaBatchServer } from '#kafka';
import { createLogger } from '#platform';
import { AnomalyMarks, connectPostgres, type Postgres } from '#postgres';
import { ProjectWrites } from '#postgres/writes';
import { pricedUsage } from '#samples';
import { eventually, startTestPlatform, type TestPlatform } from '#testing';
import { sourceFailpoints } from './source-failpoints.js';

const APP = 'aggregator';
const DAY_MS = 86_400_000;
/** Six weeks at $99, then $999: ln((1 + 999) / (1 + 99)) / 0.1 = 23 deviations. */
const DOLLARS = [...Array<number>(42).fill(99), 999];
const env = { ANOMALIES_EVERY_MS: '1000' };

let test: TestPlatform;
let clickhouse: ClickHouseClient;
let postgres: Postgres;
let reader: KafkaBatchServer;
/** Everything that stands in alerts.raised, repeats included. */
const raised: AlertRaised[] = [];

beforeAll(async () => {
  test = await startTestPlatform('anomalies-killed', { apps: [APP], env: { [APP]: env } });
  const { engines } = test.platform.surroundings;
  clickhouse = connectClickHouse({
    url: engines.clickhouseUrl,
    database: engines.clickhouseDatabase,
  });
  postgres = connectPostgres(engines.databaseUrl);
  reader = new KafkaBatchServer({
    app: 'notifier',
    brokers: engines.kafkaBrokers.split(','),
    groupId: 'reads-what-was-raised',
    topics: [TOPICS.alertsRaised],
    logger: createLogger('test', 'fatal'),
    commit: 'after-handler',
  });
  const read = ({ records }: { records: { value: Buffer }[] }) => {
    raised.push(...records.map(({ value }) => JSON.parse(value.toString()) as AlertRaised));
    return Promise.resolve();
  };
  reader.addHandler(TOPICS.alertsRaised.name, read, true);
  reader.listen((error) => {
    if (error) throw error;
  });
});

afterAll(async () => {
  await reader.close();
  await clickhouse.close();
  await postgres.destroy();
  await test.end();
});

/** A project whose one customer, of one model, spent far too much yesterday. */
async function newProject(): Promise<string> {
  const project = `p_${randomUUID().slice(0, 8)}`;
  await new ProjectWrites(postgres).create({ id: project, name: project });
  const yesterday = Math.floor(Date.now() / DAY_MS) - 1;
  const rows = DOLLARS.map((dollars, place) => {
    const day = (yesterday - (DOLLARS.length - 1 - place)) * DAY_MS;
    const usage = pricedUsage({
      id: `day ${place}`,
      project,
      event_time: new Date(day).toISOString(),
      cost: { state: 'priced', amount: String(dollars), lines: [], price_version: 'test' },
    });
    const origin = { cluster: project, partition: 3, offset: String(place), appended_at: '' };
    return { usage, origin: { ...origin, appended_at: new Date().toISOString() }, index: 0 };
  });
  const token = randomUUID();
  await insertUsageRaw(clickhouse, rows, { token, planToken: token });
  return project;
}

describe('an aggregator that is killed while it marks anomalies', () => {
  it.each(sourceFailpoints(APP, 'anomalies'))(
    'at %s, raises each of them, under one id and with one content',
    async (failpoint) => {
      await test.platform.stopProcess(APP);
      const project = await newProject();
      const death = once(test.platform.process(APP), 'exited');
      const restarted = test.platform.restart(APP, { env, firstRun: { FAILPOINT: failpoint } });
      const [exit] = (await death) as [{ signal: NodeJS.Signals | null }];
      expect(exit.signal).toBe('SIGKILL');
      await restarted;
      const marks = await eventually(async () => {
        const found = await new AnomalyMarks(postgres).list({ project }, { limit: 10 });
        return found.length === 2 ? found : null;
      });
      const alerts = await eventually(() => {
        const ours = raised.filter((alert) => alert.project === project);
        return new Set(ours.map(({ id }) => id)).size === 2 ? ours : null;
      });
      const ids = marks.map(({ id }) => id).sort();
      expect([...new Set(alerts.map(({ id }) => id))].sort()).toEqual(ids);
      expect(new Set(alerts.map((alert) => JSON.stringify(alert))).size).toBe(2);
      await eventually(async () =>
        (await new AnomalyMarks(postgres).unraised(1)).length === 0 ? true : null,
      );
    },
  );
});
