import { describe, expect, it } from '@jest/globals';
import { clickHouseHarness } from './clickhouse-harness.js';

const clickHouse = clickHouseHarness();

const ROWS = Array.from({ length: 1_000 }, (_, id) => ({ id, model: `m${id % 7}` }));

interface Tables {
  source: string;
  /** Sends the rows under a token; the view's deduplication is on unless told otherwise. */
  insert(token: string, rows: object[], viewDeduplication?: 0 | 1): Promise<unknown>;
  /** Rows in the source, and rows that the rollup has counted. */
  counts(): Promise<{ source: number; rollup: number }>;
}

/** A source, and a rollup that a view fills. @param broken name of a table whose rows make the view throw */
const tables = async (source: string, window: number, broken?: string): Promise<Tables> => {
  const settings = `SETTINGS non_replicated_deduplication_window = ${window}`;
  const create = (query: string): Promise<unknown> => clickHouse.client.command({ query });
  await create(
    `CREATE TABLE ${source} (id UInt32, model String) ENGINE = MergeTree ORDER BY id ${settings}`,
  );
  await create(
    `CREATE TABLE ${source}_rollup (model String, n SimpleAggregateFunction(sum, UInt64))
     ENGINE = AggregatingMergeTree ORDER BY model ${settings}`,
  );
  const guard =
    broken === undefined ? '' : `WHERE throwIf((SELECT count() FROM ${broken}) > 0) = 0`;
  await create(
    `CREATE MATERIALIZED VIEW ${source}_view TO ${source}_rollup
     AS SELECT model, count() AS n FROM ${source} ${guard} GROUP BY model`,
  );
  return {
    source,
    insert: (token, values, viewDeduplication = 1) =>
      clickHouse.client.insert({
        table: source,
        values,
        format: 'JSONEachRow',
        clickhouse_settings: {
          async_insert: 0,
          insert_deduplication_token: token,
          deduplicate_blocks_in_dependent_materialized_views: viewDeduplication,
        },
      }),
    counts: async () => {
      const [row] = await clickHouse.rows<{ source: string; rollup: string }>(
        `SELECT (SELECT count() FROM ${source}) AS source, (SELECT sum(n) FROM ${source}_rollup) AS rollup`,
      );
      return { source: Number(row?.source), rollup: Number(row?.rollup) };
    },
  };
};

describe('the same insert three times', () => {
  it('counts three times without a deduplication window', async () => {
    const { insert, counts } = await tables('no_window', 0);
    for (let time = 0; time < 3; time += 1) await insert('token', ROWS);
    expect(await counts()).toEqual({ source: 3_000, rollup: 3_000 });
  });

  it('counts once in the source and thrice in the rollup when views do not deduplicate', async () => {
    const { insert, counts } = await tables('no_views', 1_000);
    for (let time = 0; time < 3; time += 1) await insert('token', ROWS, 0);
    expect(await counts()).toEqual({ source: 1_000, rollup: 3_000 });
  });

  it('counts once in both when they do', async () => {
    const { insert, counts } = await tables('exact', 1_000);
    for (let time = 0; time < 3; time += 1) await insert('token', ROWS);
    expect(await counts()).toEqual({ source: 1_000, rollup: 1_000 });
  });

  it('counts once when all three arrive together', async () => {
    const { insert, counts } = await tables('together', 1_000);
    await Promise.all([1, 2, 3].map(() => insert('token', ROWS)));
    expect(await counts()).toEqual({ source: 1_000, rollup: 1_000 });
  });
});

describe('a repeated insert', () => {
  it('heals the rollup of a view that threw the first time', async () => {
    await clickHouse.createTable('trouble', 'a UInt8');
    await clickHouse.client.command({ query: 'INSERT INTO trouble VALUES (1)' });
    const { insert, counts } = await tables('healed', 1_000, 'trouble');
    await expect(insert('token', ROWS)).rejects.toMatchObject({ code: '395' });
    expect((await counts()).rollup).toBe(0);
    await clickHouse.client.command({ query: 'TRUNCATE TABLE trouble' });
    await insert('token', ROWS);
    expect(await counts()).toEqual({ source: 1_000, rollup: 1_000 });
  });

  it('with other rows under the same token is answered and dropped', async () => {
    const { insert, counts } = await tables('dropped', 1_000);
    await insert('token', ROWS);
    await insert('token', [{ id: 1_000_000, model: 'other' }]);
    expect(await counts()).toEqual({ source: 1_000, rollup: 1_000 });
  });
});
