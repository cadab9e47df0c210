import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { clickHouseHarness } from './clickhouse-harness.js';

const clickHouse = clickHouseHarness();
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

describe('inserts', () => {
  it('take a gzipped stream of rows and count them in the summary', async () => {
    await clickHouse.createTable('streamed', 'id UInt32, name String');
    const compressing = clickHouse.clientWith({ compression: { request: true } });
    const { summary } = await compressing.insert({
      table: 'streamed',
      format: 'JSONCompactEachRow',
      values: Readable.from(Array.from({ length: 5_000 }, (_, id) => [id, `name ${id}`])),
    });
    expect(summary).toMatchObject({ written_rows: '5000' });
    const totals = await clickHouse.rows(
      'SELECT count() AS n, sum(id) AS ids, uniq(name) AS names FROM streamed',
    );
    expect(totals.map((row) => JSON.stringify(row))).toEqual([
      expect.stringMatching(/^{"n":"?5000"?,"ids":"?12497500"?,"names":"?\d+"?}$/),
    ]);
  });

  it('store every byte of RowBinary, empty lines among them', async () => {
    await clickHouse.createTable('bytes', 'a String');
    const rows = [
      Buffer.from('\n\n'),
      EVERY_BYTE.subarray(0, 100),
      Buffer.from('; DROP TABLE bytes'),
    ];
    const values = Readable.from(
      rows.map((row) => Buffer.concat([Buffer.from([row.length]), row])),
    );
    const { stream } = await clickHouse.client.exec({
      query: 'INSERT INTO bytes FORMAT RowBinary',
      values,
    });
    await text(stream);
    const stored = await clickHouse.rows<{ h: string }>(
      'SELECT lower(hex(a)) AS h FROM bytes ORDER BY length(a)',
    );
    expect(stored.map((row) => row.h)).toEqual(
      [rows[0], rows[2], rows[1]].map((row) => row?.toString('hex')),
    );
  });

  it('store every row of text with empty lines between', async () => {
    await clickHouse.createTable('spaced', 'a UInt8, b String DEFAULT toString(a * 2)');
    await clickHouse.post(
      'query=INSERT+INTO+spaced+FORMAT+JSONEachRow',
      '{"a":1}\n\n\n{"a":2,"b":"z"}\n',
    );
    await clickHouse.post(
      '',
      'INSERT INTO spaced (a) SETTINGS max_threads = 1 VALUES (3),\n\n(4);',
    );
    const stored = await clickHouse.rows('SELECT a, b FROM spaced ORDER BY a');
    expect(stored).toEqual([
      { a: 1, b: '2' },
      { a: 2, b: 'z' },
      { a: 3, b: '6' },
      { a: 4, b: '8' },
    ]);
  });

  it('take 100,000 rows of 45 columns as one part', async () => {
    const names = Array.from({ length: 45 }, (_, column) => `c${column}`);
    await clickHouse.createTable('wide', names.map((name) => `${name} String`).join(', '));
    const row = names.map((name) => `value of ${name}`);
    await clickHouse.client.insert({
      table: 'wide',
      format: 'JSONCompactEachRow',
      values: Readable.from(Array.from({ length: 100_000 }, () => row)),
      clickhouse_settings: {
        min_insert_block_size_rows: '200000',
        min_insert_block_size_bytes: '1000000000',
        input_format_parallel_parsing: 0,
      },
    });
    const parts = await clickHouse.rows<{ rows: string }>(
      `SELECT rows FROM system.parts WHERE database = '${clickHouse.database}' AND table = 'wide' AND active`,
    );
    expect(parts.map((part) => Number(part.rows))).toEqual([100_000]);
  });

  it('store nothing of a body that breaks off', async () => {
    await clickHouse.createTable('broken', 'a UInt8');
    const response = await clickHouse.post(
      'query=INSERT+INTO+broken+FORMAT+JSONEachRow',
      '{"a":1}\n{"a":',
    );
    expect(response.ok).toBe(false);
    expect(await clickHouse.rows('SELECT a FROM broken')).toEqual([]);
  });
});
