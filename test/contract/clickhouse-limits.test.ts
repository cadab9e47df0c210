import { describe, expect, it } from '@jest/globals';
import { clickHouseHarness } from './clickhouse-harness.js';
import { fetchFrom } from './embedded-clickhouse.js';

const clickHouse = clickHouseHarness();

describe('errors', () => {
  it.each([
    ['SELECT * FROM missing', 60, 404, 'UNKNOWN_TABLE'],
    ['SELECT missing', 47, 404, 'UNKNOWN_IDENTIFIER'],
    ['SELECT missing()', 46, 404, 'UNKNOWN_FUNCTION'],
    ['SELEC 1', 62, 400, 'SYNTAX_ERROR'],
    ['SELECT 1; SELECT 2', 62, 400, 'SYNTAX_ERROR'],
    ["SELECT toUInt8('x')", 6, 400, 'CANNOT_PARSE_TEXT'],
    ["SELECT throwIf(1, 'on purpose')", 395, 500, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
  ])('%s is code %d with status %d', async (query, code, status, type) => {
    const response = await clickHouse.post('', query);
    await response.text();
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([
      status,
      String(code),
    ]);
    const answer = clickHouse.client.query({
      query,
      clickhouse_settings: { wait_end_of_query: 1 },
    });
    await expect(answer).rejects.toMatchObject({ code: String(code), type });
  });

  it.each([
    ['database=missing', 81, 404],
    ['no_such_setting=1', 115, 404],
  ])('?%s is code %d with status %d', async (query, code, status) => {
    const response = await fetchFrom(clickHouse.url, `/?${query}`, {
      method: 'POST',
      body: 'SELECT 1',
    });
    await response.text();
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([
      status,
      String(code),
    ]);
  });
});

describe('whoever asks', () => {
  it.each([
    ['nobody', ''],
    ['nobody', 'known'],
    ['default', ''],
    ['default', 'wrong'],
  ])('is refused as %s with the password %j: code 516 with status 403', async (user, word) => {
    const password = word === 'known' ? new URL(clickHouse.url).password : word;
    const headers = { 'x-clickhouse-user': user, 'x-clickhouse-key': password };
    const response = await fetch(new URL(clickHouse.url).origin, {
      method: 'POST',
      body: 'SELECT 1',
      headers,
    });
    await response.text();
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([
      403,
      '516',
    ]);
  });
});

describe('what a request may do', () => {
  it('is only to read when it says so, or comes by GET', async () => {
    await clickHouse.createTable('guarded', 'a UInt8');
    const insert = 'INSERT INTO guarded SELECT 1';
    const readonly = clickHouse.client.command({
      query: insert,
      clickhouse_settings: { readonly: '1' },
    });
    await expect(readonly).rejects.toMatchObject({ code: '164' });
    const got = await fetchFrom(
      clickHouse.url,
      `/?database=${clickHouse.database}&query=${encodeURIComponent(insert)}`,
    );
    await got.text();
    expect(got.headers.get('x-clickhouse-exception-code')).toBe('164');
    expect(await clickHouse.rows('SELECT a FROM guarded')).toEqual([]);
  });

  it('is bounded by max_execution_time, and the next one is served', async () => {
    const endless = clickHouse.client.query({
      query: 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))',
      clickhouse_settings: { max_execution_time: 1, wait_end_of_query: 1 },
    });
    await expect(endless).rejects.toMatchObject({ code: '159' });
    expect(await clickHouse.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('has its own settings and leaves none behind', async () => {
    const clickhouse_settings = { max_threads: 3, max_result_rows: '7' };
    const query = "SELECT getSetting('max_result_rows') AS most";
    const most = (rows: { most: unknown }[]): string => String(rows[0]?.most);
    expect(most(await clickHouse.rows(query, { clickhouse_settings }))).toBe('7');
    expect(most(await clickHouse.rows(query))).toBe('0');
  });

  it('does not wait for slow queries, even more of them than there are places', async () => {
    let slowDone = 0;
    const slow = Array.from({ length: 6 }, async () => {
      await clickHouse.rows('SELECT sleepEachRow(1) FROM numbers(3) SETTINGS max_block_size = 1');
      slowDone += 1;
    });
    for (let round = 0; round < 5; round += 1)
      expect(await clickHouse.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(slowDone).toBe(0);
    await Promise.all(slow);
  });
});
