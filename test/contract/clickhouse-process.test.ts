import { ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  dataFolder,
  EmbeddedClickHouse,
  fetchFrom,
  startEmbeddedClickHouse,
} from './embedded-clickhouse.js';

/** What the embedded engine's own process promises, beyond what a server does. */
let data: Awaited<ReturnType<typeof dataFolder>>;
const running = new Set<EmbeddedClickHouse>();

const start = async (...options: string[]): Promise<EmbeddedClickHouse> => {
  const face = await startEmbeddedClickHouse(data.path, ...options);
  running.add(face);
  return face;
};

const clientOf = (face: EmbeddedClickHouse): ClickHouseClient =>
  createClient({ url: face.url, log: { level: ClickHouseLogLevel.OFF } });

const ask = async (face: EmbeddedClickHouse, query: string): Promise<string> =>
  (await fetchFrom(face.url, '/', { method: 'POST', body: query })).text();

const TABLE = `CREATE TABLE kept (id UInt64, batch UInt32) ENGINE = MergeTree ORDER BY id`;
const ROLLUP = `CREATE TABLE kept_rollup (batch UInt32, n SimpleAggregateFunction(sum, UInt64))
  ENGINE = AggregatingMergeTree ORDER BY batch`;
const VIEW = `CREATE MATERIALIZED VIEW kept_view TO kept_rollup
  AS SELECT batch, count() AS n FROM kept GROUP BY batch`;

beforeEach(async () => {
  data = await dataFolder();
});

afterEach(async () => {
  for (const face of running) await face.stop('SIGKILL');
  running.clear();
  await data.remove();
});

describe('a process that ends', () => {
  it('keeps every acknowledged row when it is killed between and inside inserts', async () => {
    let face = await start();
    for (const query of [TABLE, ROLLUP, VIEW]) expect(await ask(face, query)).toBe('');
    const acknowledged: number[] = [];
    let batch = 0;
    for (let life = 0; life < 3; life += 1) {
      const client = clientOf(face);
      const wanted = acknowledged.length + 20;
      const writers = Array.from({ length: 4 }, async () => {
        for (;;) {
          batch += 1;
          const mine = batch;
          const values = Array.from({ length: 1_000 }, (_, row) => ({ id: row, batch: mine }));
          await client.insert({ table: 'kept', values, format: 'JSONEachRow' });
          acknowledged.push(mine);
          if (acknowledged.length === wanted) void face.stop('SIGKILL');
        }
      });
      const ends = await Promise.allSettled(writers);
      expect(ends.map((end) => end.status)).toEqual(Array(4).fill('rejected'));
      running.delete(face);
      face = await start();
    }
    const stored = (await ask(face, 'SELECT batch, count() FROM kept GROUP BY batch'))
      .trim()
      .split('\n')
      .map((line) => line.split('\t').map(Number));
    const rowsOf = new Map(stored.map(([mine, rows]) => [mine, rows]));
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    expect(acknowledged.filter((mine) => rowsOf.get(mine) !== 1_000)).toEqual([]);
    expect(
      await ask(
        face,
        `SELECT countIf(n != r.n) FROM (SELECT batch, count() AS n FROM kept GROUP BY batch) AS k
         JOIN (SELECT batch, sum(n) AS n FROM kept_rollup GROUP BY batch) AS r USING batch
         WHERE batch IN (${acknowledged.join(',')})`,
      ),
    ).toBe('0\n');
  });

  it('finishes what runs when it is asked to stop, and starts on the same data', async () => {
    const first = await start();
    await ask(first, TABLE);
    const state = { done: false };
    const slow = ask(first, 'INSERT INTO kept SELECT number, sleepEachRow(0.5) FROM numbers(2)');
    void slow.then(() => (state.done = true));
    const inserts = "SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'";
    while (!state.done && (await ask(first, inserts)) === '0\n');
    expect(state.done).toBe(false);
    await first.stop('SIGTERM');
    running.delete(first);
    expect(await slow).toBe('');
    expect(first.child.exitCode).toBe(0);
    const second = await start();
    expect(await ask(second, 'SELECT count() FROM kept')).toBe('2\n');
  });
});

describe('one process for a folder', () => {
  it('refuses a second one, and only while the first lives', async () => {
    const first = await start();
    await expect(startEmbeddedClickHouse(data.path)).rejects.toThrow('another process holds it');
    expect(await ask(first, 'SELECT 1')).toBe('1\n');
    await first.stop('SIGKILL');
    running.delete(first);
    expect(await ask(await start(), 'SELECT 1')).toBe('1\n');
  });
});

describe('places', () => {
  it('that are all taken turn statements away with code 202 while ping still answers', async () => {
    const face = await start('--sessions', '1');
    // 1 quick place, 12 slow ones, 256 that wait: of 300 at once some find no place before the first has ended.
    const answers = Array.from({ length: 300 }, async () => {
      const response = await fetchFrom(face.url, '/', {
        method: 'POST',
        body: 'SELECT sleep(0.5)',
      });
      await response.text();
      return `${response.status} ${response.headers.get('x-clickhouse-exception-code')}`;
    });
    expect(
      await Promise.any(
        answers.map(async (answer) =>
          (await answer) === '503 202' ? true : Promise.reject(new Error('served')),
        ),
      ),
    ).toBe(true);
    expect(await (await fetchFrom(face.url, '/ping')).text()).toBe('Ok.\n');
    await face.stop('SIGKILL');
    running.delete(face);
    await Promise.allSettled(answers);
  });
});

describe('what the embedded engine cannot honour', () => {
  it.each([
    ['session_id=s', 'SELECT 1'],
    ['async_insert=1', 'SELECT 1'],
    ['', "KILL QUERY WHERE query_id = 'x'"],
    ['', 'CREATE USER somebody'],
    ['', 'SET max_threads = 1'],
  ])('is refused by name: ?%s %s', async (query, body) => {
    const face = await start();
    const response = await fetchFrom(face.url, `/?${query}`, { method: 'POST', body });
    expect(response.status).toBe(501);
    expect(await response.text()).toMatch(
      /^Code: 48\. DB::Exception: Not supported here: .+ \(NOT_IMPLEMENTED\)\n$/,
    );
  });

  it('is a body above the limit, refused before it is read whole', async () => {
    const face = await start();
    const response = await fetchFrom(face.url, '/', {
      method: 'POST',
      body: `SELECT '${'x'.repeat(17 * 1024 * 1024)}'`,
    });
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([
      413,
      '229',
    ]);
  });
});
