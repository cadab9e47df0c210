import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import { pricedUsage } from '#samples';
import { eventually, testEngines } from '#testing';
import {
  type ClickHouseAddress,
  type ClickHouseClient,
  connectClickHouse,
  findIdentities,
  payloadsToEnd,
  rawPositions,
  setAsidePositions,
  type UsageRow,
} from './index.js';
import { endPayloads, insertUsageRaw, insertUsageSetAside, migrateClickHouse } from './writes.js';

const address: ClickHouseAddress = {
  url: testEngines().clickhouseUrl,
  database: `test_${randomUUID().replaceAll('-', '')}`,
};
let client: ClickHouseClient;

const rowsOf = (usages: PricedUsage[], offset: string): UsageRow[] =>
  usages.map((usage, index) => ({
    usage,
    origin: { cluster: 'c1', partition: 3, offset, appended_at: '2026-11-02T10:20:31.000Z' },
    index,
  }));

const tokens = (token: string) => ({ token, planToken: token });

async function rowsFrom<T>(query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONCompactEachRow' })).json<T>();
}

const noMutations = () =>
  eventually(async () => ((await payloadsToEnd(client, new Date(0))).isEnding ? null : true));

beforeAll(async () => {
  await migrateClickHouse(address);
  client = connectClickHouse(address);
});

afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${address.database}` });
  await client.close();
});

describe('the usage tables', () => {
  const acme = Array.from({ length: 30 }, (_, n) => pricedUsage({ id: `acme ${n}` }));
  const late = Array.from({ length: 20 }, (_, n) =>
    pricedUsage({
      id: `late ${n}`,
      customer: null,
      event_time: '2026-10-31T23:59:59.999Z',
      cost: {
        state: 'unpriced',
        reason: 'unknown_model',
        detail: 'x',
        partial: '0',
        lines: [],
        price_version: 'test',
      },
    }),
  );
  const rows = rowsOf([...acme, ...late], '17');

  it('are created once and left alone afterwards', async () => {
    expect(await migrateClickHouse(address)).toEqual([]);
    expect(
      await rowsFrom("SELECT count() FROM migrations WHERE name = '0001_usage_tables'"),
    ).toEqual([[9]]);
  });

  it('hold an insert over two months once, however often it is repeated with its token', async () => {
    for (let attempt = 0; attempt < 3; attempt++)
      await insertUsageRaw(client, rows, tokens('plan1'));
    // 30 x $0.0075 = $0.225
    expect(await rowsFrom('SELECT count(), toString(sum(cost)) FROM usage_raw')).toEqual([
      [50, '0.225'],
    ]);
    expect(
      await rowsFrom(`SELECT toString(day), customer, toInt64(sum(events)), toString(sum(cost)), toInt64(sum(unpriced_events))
        FROM usage_per_day GROUP BY day, customer ORDER BY day`),
    ).toEqual([
      ['2026-10-31', null, 20, '0', 20],
      ['2026-11-02', 'acme', 30, '0.225', 0],
    ]);
    expect(
      await rowsFrom('SELECT toInt64(sum(events)), toInt64(sum(input_tokens)) FROM usage_per_hour'),
    ).toEqual([[50, 50000]]);
  });

  it('give back every field as it was written', async () => {
    const usage = pricedUsage({
      id: 'every "field" \u00e9\u{1f600}',
      user: 'u',
      application: 'a',
      conversation: 'c',
      job: 'j',
      purpose: 'p',
      service_tier: 'flex',
      batch: true,
      region: 'eu',
      status: 'error',
      latency_ms: 12.5,
      provider_response_id: 'r',
      provider_cost: '0.1',
      tags: ['x', 'y'],
      properties: { s: 'text', n: 1.5, b: false },
      usage: { input_tokens: Number.MAX_SAFE_INTEGER, cache_write_1h_tokens: 7, requests: 3 },
      project: 'fields',
      cost: {
        state: 'priced',
        amount: '99999999999.000000000001',
        lines: [],
        price_version: 'test',
      },
    });
    await insertUsageRaw(client, rowsOf([usage], '9223372036854775807'), tokens('plan2'));
    expect(
      await rowsFrom(`SELECT id, user, application, conversation, job, purpose, service_tier, batch, region, status, latency_ms,
        provider_response_id, provider_cost, tags, properties, usage, requests, toString(input_tokens), toString(cost), toString(origin_offset)
        FROM usage_raw WHERE project = 'fields'`),
    ).toEqual([
      [
        'every "field" \u00e9\u{1f600}',
        'u',
        'a',
        'c',
        'j',
        'p',
        'flex',
        true,
        'eu',
        'error',
        12.5,
        'r',
        '0.1',
        ['x', 'y'],
        { s: '"text"', n: '1.5', b: 'false' },
        { input_tokens: 9007199254740991, cache_write_1h_tokens: 7, requests: 3 },
        3,
        '9007199254740991',
        '99999999999.000000000001',
        '9223372036854775807',
      ],
    ]);
  });

  it('find identities with their contents, leaving out one plan when asked', async () => {
    const [first, second] = acme;
    const identities = [first!.identity, second!.identity, 'f'.repeat(32)];
    const found = await findIdentities(client, { partition: 3, identities, exceptPlan: null });
    expect(found).toEqual(
      new Map([
        [first!.identity, first!.content],
        [second!.identity, second!.content],
      ]),
    );
    expect(await findIdentities(client, { partition: 3, identities, exceptPlan: 'plan1' })).toEqual(
      new Map(),
    );
    expect(await findIdentities(client, { partition: 4, identities, exceptPlan: null })).toEqual(
      new Map(),
    );
  });

  it('tell which positions of a plan they hold', async () => {
    const held = await rawPositions(client, 'plan1', rows);
    expect(held).toEqual(new Set(rows.map(({ index }) => `17:${index}`)));
    expect(await rawPositions(client, 'other', rows)).toEqual(new Set());
    const [first] = rows;
    expect((await rawPositions(client, 'plan1', [first!])).has(`17:${first!.index}`)).toBe(true);
  });

  it('keep what is set aside with its reason and position', async () => {
    const [origin] = rows.map((row) => row.origin);
    await insertUsageSetAside(
      client,
      [
        {
          decidedAs: 'conflict',
          project: 'p1',
          source: 'api',
          id: 'e1',
          identity: 'a'.repeat(32),
          content: 'b'.repeat(32),
          countedContent: 'c'.repeat(32),
          customer: 'acme',
          eventTime: '2026-11-02T10:20:30.123Z',
          receivedAt: '2026-11-02T10:20:31.000Z',
          reason: 'other_content',
          detail: '',
          payload: '{"id":"e1"}',
          payloadEncoding: 'json',
          origin: origin!,
          index: 4,
        },
      ],
      tokens('plan3'),
    );
    expect(
      await rowsFrom(
        'SELECT decided_as, id, lower(hex(counted_content)), payload FROM usage_set_aside',
      ),
    ).toEqual([['conflict', 'e1', 'c'.repeat(32), '{"id":"e1"}']]);
    const atMs = Date.parse('2026-11-02T10:20:31.000Z');
    const held = await setAsidePositions(client, {
      token: 'plan3',
      projects: ['p1'],
      fromMs: atMs,
      toMs: atMs,
    });
    expect(held).toEqual(new Set(['17:4']));
  });

  it('keep what was set aside for ever, and its payload up to its end', async () => {
    const shown = () =>
      rowsFrom("SELECT id, payload, payload_encoding FROM usage_set_aside WHERE id = 'e1'");
    const day = new Date('2026-11-02T10:20:31.000Z');
    expect(await payloadsToEnd(client, day)).toEqual({ oldestDay: null, isEnding: false });
    const later = new Date(day.getTime() + 1);
    expect(await payloadsToEnd(client, later)).toMatchObject({ oldestDay: '2026-11-02' });
    await endPayloads(client, '2026-11-01', later);
    await endPayloads(client, '2026-11-02', day);
    await noMutations();
    expect(await shown()).toEqual([['e1', '{"id":"e1"}', 'json']]);
    await endPayloads(client, '2026-11-02', later);
    await noMutations();
    expect(await shown()).toEqual([['e1', '', 'ended']]);
    expect(await payloadsToEnd(client, later)).toEqual({ oldestDay: null, isEnding: false });
  });
});
