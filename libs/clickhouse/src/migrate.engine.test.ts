import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { identityOf, partitionOf } from '#contracts';
import { testEngines } from '#testing';
import { applyMigrations } from './apply-migrations.js';
import { oneNode, renderStatement } from './deployment.js';
import {
  type ClickHouseClient,
  connectClickHouse,
  findEvent,
  queryUsage,
  sumBilledUsage,
} from './index.js';
import { cutComparison } from './compared-slices.js';
import { compareRollups } from './rollup-comparison.js';
import { migrateClickHouse } from './migrate.js';
import { readMigrations } from './read-migrations.js';

const migrations = await readMigrations();
const SCHEMA = new URL('../schema/', import.meta.url);
const databases: { client: ClickHouseClient; database: string }[] = [];

/** An empty database with a client of its own; dropped after the test. */
async function newDatabase(): Promise<{ client: ClickHouseClient; database: string }> {
  const { clickhouseUrl: url } = testEngines();
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const outside = connectClickHouse({ url, database: 'default' });
  await outside.command({ query: `CREATE DATABASE ${database}` });
  await outside.close();
  const opened = { client: connectClickHouse({ url, database }), database };
  databases.push(opened);
  return opened;
}

afterEach(async () => {
  for (const { client, database } of databases.splice(0)) {
    await client.command({ query: `DROP DATABASE ${database}` });
    await client.close();
  }
});

async function rowsFrom<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONCompactEachRow' })).json<T>();
}

/** As code before the migrations left a database: the tables of the first `upTo` files, and their version noted in the old way. */
async function setUpAsBefore(client: ClickHouseClient, upTo: number): Promise<void> {
  for (const { sql } of migrations.slice(0, upTo).flatMap(({ statements }) => statements))
    await client.command({ query: renderStatement(sql, oneNode) });
  await client.command({
    query:
      'CREATE TABLE IF NOT EXISTS schema_version (version UInt32) ENGINE = MergeTree ORDER BY version',
  });
  await client.command({ query: 'INSERT INTO schema_version VALUES (1)' });
}

/** What the database is: each table and view with its columns, engine, keys, settings and query. What ran is no part of it. */
async function describeDatabase(client: ClickHouseClient, database: string): Promise<unknown[]> {
  const rows = await rowsFrom<[string, string, string]>(
    client,
    "SELECT name, engine, create_table_query FROM system.tables WHERE database = currentDatabase() AND name != 'migrations' ORDER BY name",
  );
  return rows.map(([name, engine, create]) => {
    const [text = '', settings = ''] = create.replaceAll(`${database}.`, '').split(' SETTINGS ');
    return { name, engine, text, settings: settings.split(', ').sort() };
  });
}

async function describeSchema(): Promise<unknown[]> {
  const { client, database } = await newDatabase();
  const files = (await readdir(SCHEMA)).sort();
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, SCHEMA), 'utf8')));
  const statements = texts.flatMap((text) => text.split(/;\s*$/m)).map((text) => text.trim());
  // A view needs the table that it reads, which may stand in a later file.
  const [views, tables] = [true, false].map((wanted) =>
    statements.filter((text) => text !== '' && text.includes('MATERIALIZED VIEW') === wanted),
  );
  for (const query of [...tables!, ...views!]) await client.command({ query });
  return describeDatabase(client, database);
}

describe('an empty database with every migration', () => {
  it('is what schema/ says, to the last column, key, setting and view', async () => {
    const { client, database } = await newDatabase();
    const names = await applyMigrations(client, { migrations, deployment: oneNode });
    expect(names).toEqual(migrations.map(({ name }) => name));
    const wanted = await describeSchema();
    expect(wanted).toHaveLength(9);
    expect(await describeDatabase(client, database)).toEqual(wanted);
  });
});

/** Writes rows with the columns and settings of the first version, whatever today's writer does. */
async function storeAsFirstVersion(client: ClickHouseClient): Promise<void> {
  const row = (n: number, customer: string, time: string, cost: string): string => {
    const identity = { project: 'shop', source: 'api', id: `call ${n}` };
    const hash = `unhex('${identityOf(identity)}')`;
    return `('shop', ${customer}, '${time}', 'api', 'call ${n}', 'llm.call', 'key1', '2026-11-02 10:20:31.000', 'openai', 'gpt-4o',
      ['t'], {'input_tokens': 1000, 'output_tokens': 500}, 1, 1000, 500, ${cost}, 'v1', ${hash}, ${hash}, 'c1', ${partitionOf(identity)}, 17, ${n}, 'plan1')`;
  };
  const acme = Array.from({ length: 30 }, (_, n) =>
    row(n, "'acme'", '2026-11-02 10:20:30.123', "'priced', 0.0075, 0"),
  );
  const late = Array.from({ length: 10 }, (_, n) =>
    row(30 + n, 'NULL', '2026-10-31 23:59:59.999', "'unpriced', 0, 0.001"),
  );
  await client.command({
    query: `INSERT INTO usage_raw (project, customer, event_time, source, id, type, api_key, received_at, provider, model,
      tags, usage, requests, input_tokens, output_tokens, cost_state, cost, cost_partial, price_version, identity, content,
      origin_cluster, origin_partition, origin_offset, origin_index, plan_token) VALUES ${[...acme, ...late].join(', ')}`,
    clickhouse_settings: { insert_deduplication_token: 'plan1' },
  });
}

const OCTOBER_31 = Date.UTC(2026, 9, 31);
const DAY_MS = 86_400_000;

async function differencesOf(client: ClickHouseClient, days: string[]) {
  const cut = await cutComparison(
    client,
    days.map((day) => ({ day })),
  );
  const found = await Promise.all(cut.map((slices) => compareRollups(client, slices)));
  return found.flat();
}

/** What users ask of their usage, by every table that can answer. */
async function askEverything(client: ClickHouseClient): Promise<unknown> {
  const windows = [0, 1, 2].map((day) => ({
    from: OCTOBER_31 + day * DAY_MS,
    to: OCTOBER_31 + (day + 1) * DAY_MS,
  }));
  const ask = async (groupBy: readonly ('customer' | 'model' | 'user')[]) =>
    (
      await queryUsage(client, { project: 'shop', windows, groupBy, filters: new Map(), limit: 10 })
    ).map(({ windowFrom, values, sums }) => [
      (windowFrom - OCTOBER_31) / DAY_MS,
      ...values,
      sums.events,
      sums.input_tokens,
      sums.cost,
      sums.unpriced_events,
    ]);
  const november = { project: 'shop', start: new Date('2026-11-01'), end: new Date('2026-12-01') };
  const [billed] = await sumBilledUsage(client, november);
  const event = await findEvent(client, { project: 'shop', source: 'api', id: 'call 3' });
  return {
    byCustomer: await ask(['customer']),
    byModel: await ask(['model']),
    byUser: await ask(['user']),
    billed: [billed?.customer, billed?.events, billed?.costPico],
    event: [event?.customer, event?.cost_amount, event?.usage, event?.tags, event?.origin_index],
    differences: await differencesOf(client, ['2026-10-31', '2026-11-01', '2026-11-02']),
  };
}

/** Worked out by hand: 30 x $0.0075 = $0.225 = 225,000,000,000 pico-dollars, 30 x 1,000 and 10 x 1,000 tokens. */
const ANSWERS = {
  byCustomer: [
    [0, null, 10n, 10_000n, 0n, 10n],
    [2, 'acme', 30n, 30_000n, 225_000_000_000n, 0n],
  ],
  byModel: [
    [0, 'gpt-4o', 10n, 10_000n, 0n, 10n],
    [2, 'gpt-4o', 30n, 30_000n, 225_000_000_000n, 0n],
  ],
  byUser: [
    [0, null, 10n, 10_000n, 0n, 10n],
    [2, null, 30n, 30_000n, 225_000_000_000n, 0n],
  ],
  billed: ['acme', 30, 225_000_000_000n],
  event: ['acme', '0.0075', { input_tokens: '1000', output_tokens: '500' }, ['t'], 3],
  differences: [],
};

describe('a database of an earlier version', () => {
  it.each([
    ['the first version, whose tables merge as ClickHouse does by default', 1],
    ['the last one before there were migrations', 2],
  ])('of %s is taken over: equal to schema/, with the same answers', async (_, upTo) => {
    const { client, database } = await newDatabase();
    await setUpAsBefore(client, upTo);
    await storeAsFirstVersion(client);
    expect(await askEverything(client)).toEqual(ANSWERS);

    const { clickhouseUrl: url } = testEngines();
    const names = migrations.map(({ name }) => name);
    expect(await migrateClickHouse({ url, database })).toEqual(names);

    expect(await askEverything(client)).toEqual(ANSWERS);
    expect(await describeDatabase(client, database)).toEqual(await describeSchema());
    expect(await migrateClickHouse({ url, database })).toEqual([]);
    // What code of then asks before it starts: it refuses any answer but 1.
    expect(await rowsFrom(client, 'SELECT max(version) FROM schema_version')).toEqual([[2]]);
  });

  it('that was made by migrations and filled between two of them gives the same answers', async () => {
    const { client, database } = await newDatabase();
    await applyMigrations(client, { migrations: migrations.slice(0, 1), deployment: oneNode });
    await storeAsFirstVersion(client);
    await applyMigrations(client, { migrations, deployment: oneNode });
    expect(await askEverything(client)).toEqual(ANSWERS);
    expect(await describeDatabase(client, database)).toEqual(await describeSchema());
  });
});

class Killed extends Error {}

/** A client that ends like a killed process at its nth write: before it reaches the server, or after it took effect. */
function endAt(client: ClickHouseClient, nth: number, when: 'before' | 'after'): ClickHouseClient {
  let writes = 0;
  const counted = async <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes === nth && when === 'before') throw new Killed();
    const answer = await write();
    if (writes === nth) throw new Killed();
    return answer;
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'command')
        return (options: Parameters<ClickHouseClient['command']>[0]) =>
          counted(() => target.command(options));
      if (name === 'insert')
        return (options: Parameters<ClickHouseClient['insert']>[0]) =>
          counted(() => target.insert(options));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Whether the migrations came to their end; false when they were killed. */
function applyWith(client: ClickHouseClient): Promise<boolean> {
  return applyMigrations(client, { migrations, deployment: oneNode }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Killed) return false;
      throw error;
    },
  );
}

describe('a migration that is killed before and after every statement and every record', () => {
  /** How many lives it takes when each ends at the first write that is new to it, on one side of it or the other. */
  async function killEverywhere(client: ClickHouseClient): Promise<number> {
    const recorded = async () => (await rowsFrom(client, 'SELECT 1 FROM migrations')).length;
    // The first write of each life makes the table of what ran, where it is missing.
    for (const when of ['before', 'after'] as const)
      expect(await applyWith(endAt(client, 1, when))).toBe(false);
    for (let lives = 2; ; lives += 2) {
      const known = await recorded();
      if (await applyWith(endAt(client, 2, 'before'))) return lives;
      expect(await applyWith(endAt(client, 2, 'after'))).toBe(false);
      if ((await recorded()) > known) continue;
      // A statement took effect without its record: it runs again, and only then is it recorded.
      expect(await applyWith(endAt(client, 3, 'after'))).toBe(false);
      expect(await recorded()).toBe(known + 1);
      lives += 1;
    }
  }

  const statements = migrations.flatMap((migration) => migration.statements).length;
  const lives = 2 + 3 * statements + 2 * migrations.length;

  it('ends equal to schema/ from an empty database', async () => {
    const { client, database } = await newDatabase();
    expect(await killEverywhere(client)).toBe(lives);
    expect(await describeDatabase(client, database)).toEqual(await describeSchema());
  });

  it('ends equal to schema/ from old tables, and their rows give the same answers', async () => {
    const { client, database } = await newDatabase();
    await setUpAsBefore(client, 1);
    await storeAsFirstVersion(client);
    expect(await killEverywhere(client)).toBe(lives);
    expect(await describeDatabase(client, database)).toEqual(await describeSchema());
    expect(await askEverything(client)).toEqual(ANSWERS);
  });
});
