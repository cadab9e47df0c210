import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import { pricedUsage } from '#samples';
import { testEngines } from '#testing';
import {
  type ClickHouseAddress,
  type ClickHouseClient,
  type ComparedSlices,
  compareRollups,
  connectClickHouse,
  cutComparison,
  findRepeated,
  InsertDeadlines,
  rawPositions,
  storedDays,
  type UsageRow,
} from './index.js';
import {
  correctRollups,
  insertIdentities,
  insertUsageRaw,
  migrateClickHouse,
  removeRepeated,
} from './writes.js';

const address: ClickHouseAddress = {
  url: testEngines().clickhouseUrl,
  database: `test_${randomUUID().replaceAll('-', '')}`,
};
const TABLES = ['usage_raw', 'usage_identities', 'usage_per_day', 'usage_per_hour'];
const FULL_DAY = ['2026-10-02', '2026-11-02'];
let client: ClickHouseClient;
let deadlines: InsertDeadlines;

beforeAll(async () => {
  await migrateClickHouse(address);
  client = connectClickHouse(address);
  deadlines = new InsertDeadlines(client);
});
afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${address.database}` });
  await client.close();
});
beforeEach(async () => {
  for (const table of TABLES) await client.command({ query: `TRUNCATE TABLE ${table}` });
});

const rowsOf = (usages: PricedUsage[], offset: string): UsageRow[] =>
  usages.map((usage, index) => ({
    usage,
    origin: { cluster: 'c1', partition: 3, offset, appended_at: '2026-11-02T10:20:31.000Z' },
    index,
  }));

/** 30 events of acme at $0.0075 on November 2, and 20 of nobody in the last second of October 2. */
const rows = rowsOf(
  Array.from({ length: 50 }, (_, n) =>
    n < 30
      ? pricedUsage({ id: `acme ${n}` })
      : pricedUsage({ id: `nobody ${n}`, customer: null, event_time: '2026-10-02T23:59:59.999Z' }),
  ),
  '17',
);
const tokens = (token: string) => ({ token: `${token} ${randomUUID()}`, planToken: 'plan1' });

async function rowsFrom<T>(query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONCompactEachRow' })).json<T>();
}

/** Events and dollars by each table that sums them, and the identities. */
async function sums(): Promise<unknown> {
  const [raw] = await rowsFrom('SELECT toInt64(count()), toString(sum(cost)) FROM usage_raw');
  const [identities] = await rowsFrom('SELECT toInt64(count()) FROM usage_identities');
  const day = await rowsFrom(
    'SELECT toString(day), customer, toInt64(sum(events)) AS n, toString(sum(cost)) FROM usage_per_day GROUP BY day, customer HAVING n != 0 ORDER BY day',
  );
  const hour = await rowsFrom(
    'SELECT toString(hour), toInt64(sum(events)) AS n, toString(sum(cost)) FROM usage_per_hour GROUP BY hour HAVING n != 0 ORDER BY hour',
  );
  return { raw, identities, day, hour };
}

// 30 x $0.0075 = $0.225; 20 x $0.0075 = $0.15.
const EXACT = {
  raw: [50, '0.375'],
  identities: [50],
  day: [
    ['2026-10-02', null, 20, '0.15'],
    ['2026-11-02', 'acme', 30, '0.225'],
  ],
  hour: [
    ['2026-10-02 23:00:00', 20, '0.15'],
    ['2026-11-02 10:00:00', 30, '0.225'],
  ],
};

const ofDays = (days: readonly string[]) =>
  cutComparison(
    client,
    days.map((day) => ({ day })),
  );

async function correct(all: readonly ComparedSlices[]) {
  const corrected = [];
  for (const slices of all)
    corrected.push(...(await correctRollups(client, slices, await deadlines.next())));
  return corrected;
}

describe('an insert', () => {
  it('is taken within its time and refused behind it, by the clock of the server', async () => {
    const untilMs = await deadlines.next();
    const serverMs = Number(
      (await rowsFrom<[string]>('SELECT toUnixTimestamp64Milli(now64(3))'))[0]![0],
    );
    expect(untilMs - serverMs).toBeGreaterThan(10_000);
    expect(untilMs - serverMs).toBeLessThan(20_000);
    await insertUsageRaw(client, rows, { ...tokens('in time'), untilMs });
    await expect(
      insertUsageRaw(client, rows, { ...tokens('late'), untilMs: serverMs - 1 }),
    ).rejects.toMatchObject({ type: 'VIOLATED_CONSTRAINT' });
    expect(await sums()).toEqual(EXACT);
  });

  it('corrects no rollup behind its time', async () => {
    await insertUsageRaw(client, rows, tokens('plan1'));
    await client.command({ query: 'TRUNCATE TABLE usage_per_day' });
    const [slices] = await ofDays(['2026-11-02']);
    await expect(correctRollups(client, slices!, Date.now() - 60_000)).rejects.toMatchObject({
      type: 'VIOLATED_CONSTRAINT',
    });
    expect(await rowsFrom('SELECT toInt64(count()) FROM usage_per_day')).toEqual([[0]]);
  });

  it('whose sender freezes in the middle of it is refused when the rest arrives behind its time', async () => {
    const [[clock]] = (await rowsFrom<[string]>('SELECT toUnixTimestamp64Milli(now64(3))')) as [
      [string],
    ];
    const untilMs = Number(clock) + 1_500;
    const query = 'INSERT INTO usage_per_day (project, day, type, events) FORMAT TSV';
    const row = 'p1\t2026-11-02\tllm.call\t1\n';
    const url = `${address.url}/?database=${address.database}&log_comment=until+${untilMs}&query=${encodeURIComponent(query)}`;
    const answer = await new Promise<number>((resolve, reject) => {
      const sending = request(url, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      sending.on('error', reject);
      sending.write(row);
      const goOn = setInterval(() => {
        if (Date.now() < untilMs + 100) return;
        clearInterval(goOn);
        sending.end(row);
      }, 50);
    });
    expect(answer).toBeGreaterThanOrEqual(400);
    expect(await rowsFrom('SELECT toInt64(count()) FROM usage_per_day')).toEqual([[0]]);
  });
});

describe('an insert that was repeated under a forgotten token', () => {
  it('is found and mended to the last digit, in the raw rows, the identities and both rollups', async () => {
    await insertUsageRaw(client, rows, tokens('first'));
    await insertUsageRaw(client, rows.slice(10, 40), tokens('again'));
    await insertUsageRaw(client, rows.slice(35, 38), tokens('and again'));
    expect(await rowsFrom('SELECT toInt64(count()) FROM usage_raw')).toEqual([[83]]);
    await client.command({ query: 'OPTIMIZE TABLE usage_raw FINAL' });
    let removed = 0;
    for (const slices of await ofDays(FULL_DAY)) {
      const identities = await findRepeated(client, slices);
      removed += await removeRepeated(client, slices, identities);
      expect(await findRepeated(client, slices)).toEqual([]);
    }
    expect(removed).toBe(33);
    const corrected = await correct(await ofDays(FULL_DAY));
    expect(
      corrected
        .map(
          ({ table, slice, missing }) =>
            `${table} ${slice['hour'] ?? slice['customer']} ${missing['events']} ${missing['cost']}`,
        )
        .toSorted(),
    ).toEqual([
      // 20 of acme's 30 again; 10 of nobody's, and 3 of those once more.
      'usage_per_day acme -20 -0.15',
      'usage_per_day null -13 -0.0975',
      'usage_per_hour 2026-10-02 23:00:00 -13 -0.0975',
      'usage_per_hour 2026-11-02 10:00:00 -20 -0.15',
    ]);
    expect(await sums()).toEqual(EXACT);
    expect(await rawPositions(client, 'plan1', rows)).toEqual(
      new Set(rows.map(({ index }) => `17:${index}`)),
    );
  });

  it('leaves the first of an identity that was counted at two positions', async () => {
    const [row] = rows;
    await insertUsageRaw(client, [{ ...row!, index: 9 }], tokens('later position'));
    await insertUsageRaw(client, [row!], tokens('first position'));
    const [slices] = await ofDays(['2026-11-02']);
    expect(await removeRepeated(client, slices!, await findRepeated(client, slices!))).toBe(1);
    expect(await rowsFrom('SELECT origin_index FROM usage_raw')).toEqual([[0]]);
  });

  it('is found in every part of a day that is compared in parts', async () => {
    await insertUsageRaw(client, rows, tokens('first'));
    await insertUsageRaw(client, rows, tokens('again'));
    const [slices] = await ofDays(['2026-11-02']);
    const parts = [0, 1, 2].map((at) => ({ ...slices!, part: { at, of: 3 } }));
    const found = await Promise.all(parts.map((part) => findRepeated(client, part)));
    expect(found.map(({ length }) => length > 0)).toEqual([true, true, true]);
    expect(found.flat().toSorted()).toEqual(
      rows
        .slice(0, 30)
        .map(({ usage }) => usage.identity)
        .toSorted(),
    );
    // The identities by hand, as mending sends them, are taken out with their events.
    await insertIdentities(client, rows, tokens('by hand'));
    await removeRepeated(client, slices!, found.flat());
    expect(
      await rowsFrom("SELECT toInt64(count()) FROM usage_identities WHERE customer = 'acme'"),
    ).toEqual([[30]]);
  });
});

describe('a rollup that lost or doubled rows', () => {
  it('is found and corrected to the digit, however often the same rows are lost', async () => {
    await insertUsageRaw(client, rows, tokens('plan1'));
    for (const time of ['first', 'second']) {
      await client.command({ query: 'TRUNCATE TABLE usage_per_day' });
      await client.command({ query: 'INSERT INTO usage_per_hour SELECT * FROM usage_per_hour' });
      const found = await Promise.all(
        (await ofDays(FULL_DAY)).map((one) => compareRollups(client, one)),
      );
      const corrected = await correct(await ofDays(FULL_DAY));
      expect([time, corrected]).toEqual([time, found.flat()]);
      expect([time, corrected.length]).toEqual([time, 4]);
      expect([time, await sums()]).toEqual([time, EXACT]);
    }
    expect(await correct(await ofDays(FULL_DAY))).toEqual([]);
  });

  it('is found in parts, and where no raw row is left', async () => {
    await insertUsageRaw(client, rows, tokens('plan1'));
    await client.command({ query: 'TRUNCATE TABLE usage_raw' });
    expect(await storedDays(client)).toHaveLength(32);
    const [slices] = await ofDays(['2026-11-02']);
    const parts = Array.from({ length: 5 }, (_, at) => ({ ...slices!, part: { at, of: 5 } }));
    const corrected = await correct(parts);
    expect(corrected.map(({ table }) => table).toSorted()).toEqual([
      'usage_per_day',
      'usage_per_hour',
    ]);
    expect(await compareRollups(client, slices!)).toEqual([]);
  });
});

describe('reading back a plan whose days lie far apart', () => {
  const BETWEEN = 300_000;
  /** Far below what lies between, and enough for the granules that the plan's own rows lie in. */
  const ROWS_READ_MAX = 60_000;

  it('reads its own slices, not what lies between them', async () => {
    await client.command({
      query: `INSERT INTO usage_raw (project, customer, event_time, source, id, type, api_key, received_at, tags, usage, requests, cost_state, cost, identity, content, origin_cluster, origin_partition, origin_offset, origin_index, plan_token)
        SELECT 'p1', concat('c', toString(number % 3)), toDateTime64('2026-10-03 00:00:00', 3, 'UTC') + number * 8, 'api', toString(number), 'llm.call', 'k', now64(3), [], map(), 1, 'priced', 0.01,
          unhex(substring(hex(SHA256(toString(number))), 1, 32)), unhex('00112233445566778899AABBCCDDEEFF'), 'c1', 3, number, 0, 'between' FROM numbers(${BETWEEN})`,
    });
    await insertUsageRaw(client, rows, tokens('plan1'));
    await client.command({ query: 'OPTIMIZE TABLE usage_raw FINAL' });
    const bounded = createClient({
      url: address.url,
      database: address.database,
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { max_rows_to_read: String(ROWS_READ_MAX) },
    });
    const slices = [
      { day: '2026-10-02', projects: ['p1'], customers: [''], hours: [23] },
      { day: '2026-11-02', projects: ['p1'], customers: ['acme'], hours: [10] },
    ];
    try {
      await expect(
        bounded.query({ query: 'SELECT sum(cost) FROM usage_raw', format: 'JSON' }),
      ).rejects.toMatchObject({ type: 'TOO_MANY_ROWS' });
      expect((await rawPositions(bounded, 'plan1', rows)).size).toBe(50);
      const [piece, ...others] = await cutComparison(bounded, slices);
      expect(others).toEqual([]);
      expect(piece!.days).toEqual(['2026-10-02', '2026-11-02']);
      expect(await compareRollups(bounded, piece!)).toEqual([]);
      expect(await findRepeated(bounded, piece!)).toEqual([]);
    } finally {
      await bounded.close();
    }
  });
});
