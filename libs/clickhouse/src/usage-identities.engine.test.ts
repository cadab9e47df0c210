import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import {
  type ClickHouseClient,
  connectClickHouse,
  findIdentities,
  readIdentityPage,
} from './index.js';
import { migrateClickHouse } from './writes.js';

const { clickhouseUrl: url } = testEngines();
const database = `test_${randomUUID().replaceAll('-', '')}`;
const IDENTITIES = 60_000;
let client: ClickHouseClient;

const insert = (partition: number, select: string) =>
  client.command({
    query: `
      INSERT INTO usage_identities (origin_partition, identity, content, project, event_time, plan_token)
      SELECT ${partition}, identity, identity, 'p1', now64(3), 'plan1' FROM (${select})`,
  });
const prefixesIn = (bytes: Buffer) =>
  Array.from({ length: bytes.length / 8 }, (_, n) => bytes.toString('hex', n * 8, n * 8 + 8));

/** All pages of a partition, by walking behind the highest prefix of each. */
async function pagesOf(partition: number, identitiesMax: number): Promise<string[][]> {
  const pages: string[][] = [];
  for (let from = 0n; from < 1n << 64n;) {
    const { prefixes, isLast } = await readIdentityPage(client, { partition, from, identitiesMax });
    pages.push(prefixesIn(prefixes));
    if (isLast) break;
    from = BigInt(`0x${pages.at(-1)!.at(-1)!}`) + 1n;
  }
  return pages;
}

beforeAll(async () => {
  await migrateClickHouse({ url, database });
  client = connectClickHouse({ url, database });
});

afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${database}` });
  await client.close();
});

describe('pages of identities', () => {
  it('give each stored identity of a partition once, in the order of the hashes', async () => {
    const ofNumbers = (from: number) =>
      `SELECT substring(SHA256(toString(number)), 1, 16) AS identity FROM numbers(${from}, ${IDENTITIES / 3})`;
    for (let part = 0; part < 3; part++) await insert(3, ofNumbers((part * IDENTITIES) / 3));
    await insert(4, ofNumbers(1_000_000));
    const pages = await pagesOf(3, 7_000);
    expect(pages.map(({ length }) => length)).toEqual([...Array<number>(8).fill(7_000), 4_000]);
    const answer = await client.query({
      query:
        'SELECT lower(hex(substring(identity, 1, 8))) AS prefix FROM usage_identities WHERE origin_partition = 3 ORDER BY prefix',
      format: 'JSONCompactEachRow',
    });
    expect(pages.flat()).toEqual((await answer.json<[string]>()).flat());
  });

  it('end between equal hashes, without an end and without a gap', async () => {
    const same = '80000000ffffffff';
    const hashes = [
      '0'.repeat(16),
      ...Array<string>(5).fill(same),
      '8000000100000000',
      'f'.repeat(16),
    ];
    await insert(
      40,
      `SELECT toFixedString(unhex(concat(hash, leftPad(toString(n), 16, '0'))), 16) AS identity
       FROM (SELECT arrayJoin(arrayZip(['${hashes.join("','")}'], range(${hashes.length}))) AS one, one.1 AS hash, one.2 AS n)`,
    );
    for (const identitiesMax of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const pages = await pagesOf(40, identitiesMax);
      expect([...new Set(pages.flat())]).toEqual([...new Set(hashes)]);
    }
  });

  it('are none of a partition without identities', async () => {
    expect(await pagesOf(50, 10)).toEqual([[]]);
  });
});

describe('an answer that is cut and ends as if it were whole', () => {
  let proxy: Server;
  let through: ClickHouseClient;
  let bytesMax = 0;

  beforeAll(async () => {
    proxy = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat(await request.toArray());
        const { authorization } = request.headers;
        const answer = await fetch(`${new URL(url).origin}${request.url}`, {
          method: 'POST',
          body,
          headers: { authorization: authorization! },
        });
        response.end(Buffer.from(await answer.arrayBuffer()).subarray(0, bytesMax));
      })();
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = new URL(url);
    address.port = String((proxy.address() as AddressInfo).port);
    through = connectClickHouse({ url: address.href, database });
    await insert(
      60,
      "SELECT toFixedString(unhex(repeat('ab', 16)), 16) AS identity FROM numbers(300)",
    );
  });

  afterAll(async () => {
    await through.close();
    proxy.close();
  });

  it.each([0, 1, 2, 10, 300 * 8 + 1])('is no page of %d bytes', async (bytes) => {
    bytesMax = bytes;
    const asked = { partition: 60, from: 0n, identitiesMax: 1_000 };
    await expect(readIdentityPage(through, asked)).rejects.toThrow(/a page of \d+ identities came/);
    bytesMax = 300 * 8 + 2;
    expect((await readIdentityPage(through, asked)).prefixes).toHaveLength(300 * 8);
  });

  it.each([0, 20, 90])('is no look-up of %d bytes', async (bytes) => {
    bytesMax = bytes;
    const search = { partition: 60, identities: ['ab'.repeat(16)], exceptPlan: null };
    await expect(findIdentities(through, search)).rejects.toThrow('cut off');
    bytesMax = 1_000_000;
    expect(await findIdentities(through, search)).toEqual(
      new Map([['ab'.repeat(16), 'ab'.repeat(16)]]),
    );
  });
});

it('looks up more identities than one question holds, each for itself', async () => {
  const stored = (await pagesOf(4, 100_000)).flat().length;
  const answer = await client.query({
    query: 'SELECT lower(hex(identity)) FROM usage_identities WHERE origin_partition = 4',
    format: 'JSONCompactEachRow',
  });
  const identities = (await answer.json<[string]>()).flat().slice(0, 4_500);
  const absent = Array.from({ length: 500 }, () => randomUUID().replaceAll('-', ''));
  const search = { partition: 4, identities: [...absent, ...identities], exceptPlan: null };
  const found = await findIdentities(client, search);
  expect(stored).toBe(IDENTITIES / 3);
  expect([...found.keys()].sort()).toEqual(identities.sort());
  expect(await findIdentities(client, { ...search, exceptPlan: 'plan1' })).toEqual(new Map());
  await expect(findIdentities(client, { ...search, identities: ["'"] })).rejects.toThrow(
    "not an identity: '",
  );
});
