import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pricedUsage } from '#samples';
import { testEngines } from '#testing';
import { cutPeriod } from './billed-pieces.js';
import {
  type ClickHouseAddress,
  type ClickHouseClient,
  connectClickHouse,
  sumBilledUsage,
  type UsageRow,
} from './index.js';
import { insertUsageRaw, migrateClickHouse } from './writes.js';

const address: ClickHouseAddress = {
  url: testEngines().clickhouseUrl,
  database: `test_${randomUUID().replaceAll('-', '')}`,
};
const NOVEMBER = {
  project: 'p1',
  start: new Date('2026-11-01T00:00:00Z'),
  end: new Date('2026-12-01T00:00:00Z'),
};
const BIG_DAY_ROWS = 2_100_000;
let client: ClickHouseClient;

beforeAll(async () => {
  await migrateClickHouse(address);
  client = connectClickHouse(address);
});
afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${address.database}` });
  await client.close();
});
beforeEach(() => client.command({ query: 'TRUNCATE TABLE usage_raw' }));

const insert = (rows: UsageRow[]) =>
  insertUsageRaw(client, rows, { token: randomUUID(), planToken: 'plan1' });
const rowAt = (index: number, usage: Parameters<typeof pricedUsage>[0]): UsageRow => ({
  usage: pricedUsage({ project: 'p1', ...usage }),
  origin: {
    cluster: 'c1',
    partition: 3,
    offset: '17',
    appended_at: '2026-11-02T10:20:31.000Z',
  },
  index,
});

describe('what is billed', () => {
  it('is each event once, before the audit has found that it was stored again', async () => {
    // $0.0075 each; the first millisecond of the month, its last, and one on either side of it.
    const times = [
      '2026-10-31T23:59:59.999Z',
      '2026-11-01T00:00:00.000Z',
      '2026-11-17T08:00:00.000Z',
      '2026-11-30T23:59:59.999Z',
      '2026-12-01T00:00:00.000Z',
    ];
    const rows = times.map((time, index) => rowAt(index, { id: `e${index}`, event_time: time }));
    await insert(rows);
    await insert(rows.slice(1, 3));
    await insert(rows.slice(2));
    const [usage, ...others] = await sumBilledUsage(client, NOVEMBER);
    expect(others).toEqual([]);
    expect(usage).toMatchObject({
      customer: 'acme',
      events: 3,
      unpricedEvents: 0,
      costPico: 22_500_000_000n,
    });
  });

  it('is the row that the audit leaves, where one identity was counted at two positions', async () => {
    await insert([rowAt(9, { id: 'e', customer: 'later' })]);
    await insert([rowAt(2, { id: 'e', customer: 'first' })]);
    const usage = await sumBilledUsage(client, NOVEMBER);
    expect(usage.map(({ customer, events }) => [customer, events])).toEqual([['first', 1]]);
  });

  it('is summed in bounded pieces that leave nothing out, of a day that has two million rows', async () => {
    await client.command({
      query: `INSERT INTO usage_raw (project, customer, event_time, source, id, type, api_key, received_at, tags, usage, requests, cost_state, cost, identity, content, origin_cluster, origin_partition, origin_offset, origin_index, plan_token)
        SELECT 'p1', concat('c', toString(number % 3)), toDateTime64('2026-11-03 00:00:00', 3, 'UTC') + number % 86400, 'api', toString(number), 'llm.call', 'k', now64(3), [], map(), 1, 'priced', 0.01,
          sipHash128(number % ${BIG_DAY_ROWS - 100_000}), unhex('00112233445566778899AABBCCDDEEFF'), 'c1', 3, number, 0, 'many' FROM numbers(${BIG_DAY_ROWS})`,
    });
    await insert([rowAt(0, { id: 'before', event_time: '2026-11-01T00:00:00.000Z' })]);
    await insert([rowAt(1, { id: 'behind', event_time: '2026-11-30T23:00:00.000Z' })]);
    const pieces = await cutPeriod(client, NOVEMBER);
    expect(
      pieces.map(({ start, end, part: { at, of } }) => [
        start.getUTCDate(),
        end.getUTCDate(),
        at,
        of,
      ]),
    ).toEqual([
      [1, 3, 0, 1],
      [3, 30, 0, 3],
      [3, 30, 1, 3],
      [3, 30, 2, 3],
      [30, 1, 0, 1],
    ]);
    const startedMs = performance.now();
    const usage = await sumBilledUsage(client, NOVEMBER);
    process.stderr.write(
      `billed usage of ${BIG_DAY_ROWS} rows: ${Math.round(performance.now() - startedMs)} ms\n`,
    );
    const many = usage.filter(({ customer }) => customer !== 'acme');
    // 2,000,000 identities at $0.01; 100,000 of them have a second row.
    expect(many.reduce((sum, { events }) => sum + events, 0)).toBe(2_000_000);
    expect(many.reduce((sum, { costPico }) => sum + costPico, 0n)).toBe(
      20_000n * 1_000_000_000_000n,
    );
    expect(usage.find(({ customer }) => customer === 'acme')).toMatchObject({ events: 2 });
  });
});
