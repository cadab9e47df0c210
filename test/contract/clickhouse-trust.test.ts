import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REACHING_FUNCTIONS } from '../../dev/embedded/clickhouse/refuse-reaching-out.js';
import {
  dataFolder,
  type EmbeddedClickHouse,
  fetchFrom,
  startEmbeddedClickHouse,
} from './embedded-clickhouse.js';

/** Table functions that work on what is in the engine, or on the text that they are given. */
const LOCAL_FUNCTIONS = new Set(
  (
    'numbers numbers_mt primes zeros zeros_mt generate_series generateSeries generateRandom values null view viewIfPermitted ' +
    'viewExplain format fuzzQuery fuzzJSON SQLStandardValues mergeTreeAnalyzeIndexes mergeTreeAnalyzeIndexesUUID ' +
    'mergeTreeTextIndex timeSeriesSamples'
  ).split(' '),
);

let data: Awaited<ReturnType<typeof dataFolder>>;
let face: EmbeddedClickHouse;
let elsewhere: Server;
let elsewhereUrl: string;
let visits = 0;
let secretFile: string;

beforeAll(async () => {
  data = await dataFolder();
  secretFile = join(data.path, 'secret.csv');
  await writeFile(secretFile, '42\n');
  elsewhere = createServer((_request, response) => {
    visits += 1;
    response.end('42\n');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  face = await startEmbeddedClickHouse(data.path);
});

afterAll(async () => {
  await face.stop('SIGTERM');
  elsewhere.close();
  await data.remove();
});

const ask = async (query: string, headers: Record<string, string> = {}): Promise<string> =>
  (await fetchFrom(face.url, '/', { method: 'POST', body: query, headers })).text();

/** `fetch` sets `Host` and `Origin` by itself, so this asks by hand. */
const askAs = async (headers: Record<string, string>, path = '/'): Promise<number> => {
  const { port, username, password } = new URL(face.url);
  const key = { 'x-clickhouse-user': username, 'x-clickhouse-key': password };
  const asked = request({ port, path, method: 'POST', headers: { ...key, ...headers } });
  asked.end('SELECT 1');
  const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  return response.statusCode;
};

describe('a page in a browser', () => {
  it('gets no answer, even with the password', async () => {
    const { host } = new URL(face.url);
    expect(await askAs({ host })).toBe(200);
    const text = { host, 'content-type': 'text/plain' };
    expect(await askAs({ ...text, origin: 'https://evil.example' })).toBe(403);
    expect(await askAs({ ...text, origin: 'null' })).toBe(403);
    expect(await askAs({ ...text, origin: `http://${host}` })).toBe(403);
    expect(await askAs({ host, 'sec-fetch-site': 'cross-site' })).toBe(403);
  });

  it('gets none under a name that it led to this machine', async () => {
    expect(await askAs({ host: 'evil.example:8123' })).toBe(403);
    expect(await askAs({ host: 'localhost' })).toBe(200);
  });
});

describe('a statement', () => {
  it.each([
    'SELECT * FROM file($FILE, CSV)',
    "SELECT * FROM `file`($FILE, 'CSV')",
    'SELECT * FROM "f\\x69le"($FILE, \'CSV\')',
    'SELECT file($FILE)',
    'SELECT * FROM FiLe /* here */ ($FILE, CSV)',
    'SELECT * FROM `$PATH`',
    'SELECT * FROM default."$PATH"',
    'SELECT * FROM $FILE',
    'SELECT * FROM default.$FILE',
    'SELECT * FROM DeFault /* here */ . `$PATH`',
    'SELECT * FROM system.one, `$PATH`',
    'DESCRIBE `$PATH`',
    'CREATE TABLE f AS `$PATH`',
    'SELECT * FROM {p:Identifier}',
    "SELECT * FROM eval('SELECT * FROM file(\\'$PATH\\')')",
    "CREATE TABLE b (a UInt8) ENGINE = Buffer('default', $FILE, 1, 1, 1, 1, 1, 1, 1)",
    'CREATE TABLE f (a UInt8) ENGINE = File(CSV, $FILE)',
    'CREATE DATABASE f ENGINE = Filesystem($FOLDER)',
    'INSERT INTO FUNCTION file($FILE, CSV) SELECT 1',
  ])('reads and writes no file: %s', async (text) => {
    const query = text
      .replaceAll('$FILE', `'${secretFile}'`)
      .replaceAll('$FOLDER', `'${data.path}'`)
      .replaceAll('$PATH', secretFile);
    const answer = await ask(query);
    expect(answer).toMatch(/^Code: (497|60|62|81|390)\. DB::Exception/);
    expect(answer).not.toMatch(/^42/);
  });

  it.each([
    'SELECT * FROM url($URL, CSV)',
    'SELECT * FROM remote($HOST, system.one)',
    'SELECT * FROM s3($URL)',
    'SELECT * FROM `$WHERE`',
    'CREATE TABLE u (a UInt8) ENGINE = URL($URL, CSV)',
    'CREATE TABLE u (a UInt8) ENGINE URL($URL, CSV)',
    "CREATE TABLE d (a UInt8) ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = 'web', endpoint = $URL)",
    'CREATE DICTIONARY d (a UInt8) PRIMARY KEY a SOURCE(HTTP(url $URL format CSV)) LAYOUT(FLAT()) LIFETIME(0)',
    'CREATE VIEW v AS SELECT * FROM url($URL, CSV)',
  ])('asks no other server: %s', async (text) => {
    const query = text
      .replaceAll('$URL', `'${elsewhereUrl}'`)
      .replaceAll('$HOST', `'${new URL(elsewhereUrl).host}'`)
      .replaceAll('$WHERE', elsewhereUrl);
    expect(await ask(query)).toMatch(/^Code: (497|60|62|81|390)\. DB::Exception/);
    expect(visits).toBe(0);
  });

  it('may use every table function of the engine that is told to be local, and no other', async () => {
    const names = (await ask('SELECT name FROM system.table_functions ORDER BY name'))
      .trim()
      .split('\n');
    expect(names.length).toBeGreaterThan(50);
    const unknown = names.filter(
      (name) => !LOCAL_FUNCTIONS.has(name) && !REACHING_FUNCTIONS.has(name.toLowerCase()),
    );
    expect(unknown).toEqual([]);
  });
});
