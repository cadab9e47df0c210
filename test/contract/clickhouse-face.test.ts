import { describe, expect, it } from '@jest/globals';
import { clickHouseHarness } from './clickhouse-harness.js';

const clickHouse = clickHouseHarness();
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, value) => value));

describe('connection', () => {
  it('answers both pings of the client', async () => {
    expect(await clickHouse.client.ping()).toEqual({ success: true });
    expect(await clickHouse.client.ping({ select: true })).toEqual({ success: true });
  });

  it('gives a query id back', async () => {
    const { query_id, response_headers } = await clickHouse.client.query({
      query: 'SELECT 1',
      query_id: 'my-query',
    });
    expect(query_id).toBe('my-query');
    expect(response_headers['x-clickhouse-query-id']).toBe('my-query');
  });

  it('runs in the database of the client', async () => {
    expect(await clickHouse.rows('SELECT currentDatabase() AS name')).toEqual([
      { name: clickHouse.database },
    ]);
  });
});

describe('parameters', () => {
  const values = {
    number: 18446744073709551615n,
    words: 'tab\t line\n quote\' back\\slash "ü"',
    list: ["a'b", 'c\\d', ''],
    nothing: null,
    map: { k: 1 },
    time: new Date('2026-11-21T10:11:12.345Z'),
  };
  const query = `SELECT {number:UInt64} AS number, {words:String} AS words, {list:Array(String)} AS list,
    {nothing:Nullable(String)} AS nothing, {map:Map(String, UInt8)} AS map, {time:DateTime64(3, 'UTC')} AS time`;
  const expected = {
    number: '18446744073709551615',
    words: values.words,
    list: values.list,
    nothing: null,
    map: { k: 1 },
    time: '2026-11-21 10:11:12.345',
  };

  const quoted = { clickhouse_settings: { output_format_json_quote_64bit_integers: 1 as const } };

  it('arrive as they were sent', async () => {
    expect(await clickHouse.rows(query, { query_params: values, ...quoted })).toEqual([expected]);
  });

  it('arrive in a multipart body too', async () => {
    const more = { query_params: values, use_multipart_params: true, ...quoted };
    expect(await clickHouse.rows(query, more)).toEqual([expected]);
  });

  it('may be a list of ten thousand ids', async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `id-${index}`);
    const answer = await clickHouse.client.query({
      query: 'SELECT uniqExact(arrayJoin({ids:Array(String)})) SETTINGS max_query_size = 1000000',
      format: 'TabSeparated',
      query_params: { ids },
    });
    expect(await answer.text()).toBe('10000\n');
  });

  it('and settings of requests at the same time do not mix', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        clickHouse.rows(`SELECT {n:UInt32} AS n, getSetting('max_threads') AS threads`, {
          query_params: { n },
          clickhouse_settings: { max_threads: 1 + (n % 7) },
        }),
      ),
    );
    expect(answers.flat().map((row) => JSON.stringify(row))).toEqual(
      Array.from({ length: 64 }, (_, n) => JSON.stringify({ n, threads: 1 + (n % 7) })),
    );
  });
});

describe('formats', () => {
  const query = "SELECT toUInt8(number) AS n, 'x' AS s FROM numbers(2)";

  it.each([
    ['JSONEachRow', '{"n":0,"s":"x"}\n{"n":1,"s":"x"}\n'],
    ['JSONCompactEachRow', '[0, "x"]\n[1, "x"]\n'],
    ['CSVWithNames', '"n","s"\n0,"x"\n1,"x"\n'],
    ['TabSeparated', '0\tx\n1\tx\n'],
  ] as const)('%s comes out as on a server', async (format, expected) => {
    const answer = await clickHouse.client.query({ query, format });
    expect(await answer.text()).toBe(expected);
    expect(answer.response_headers['x-clickhouse-format']).toBe(format);
  });

  it('JSON carries names, types and counts', async () => {
    const answer = await (await clickHouse.client.query({ query, format: 'JSON' })).json();
    expect(answer).toMatchObject({
      meta: [
        { name: 'n', type: 'UInt8' },
        { name: 's', type: 'String' },
      ],
      data: [
        { n: 0, s: 'x' },
        { n: 1, s: 'x' },
      ],
      rows: 2,
    });
  });

  it('RowBinary comes out byte by byte', async () => {
    const response = await clickHouse.post(
      'default_format=RowBinary',
      `SELECT unhex('${EVERY_BYTE.toString('hex')}')`,
    );
    const body = Buffer.from(await response.arrayBuffer());
    expect(body).toEqual(Buffer.concat([Buffer.from([0x80, 0x02]), EVERY_BYTE]));
  });

  it('an answer is compressed when the client asks', async () => {
    const compressing = clickHouse.clientWith({ compression: { response: true } });
    const answer = await compressing.query({
      query: "SELECT repeat('x', 100000) AS s",
      format: 'JSONEachRow',
    });
    expect(answer.response_headers['content-encoding']).toBe('gzip');
    expect(await answer.json()).toEqual([{ s: 'x'.repeat(100_000) }]);
  });
});
