import { ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll } from '@jest/globals';
import { dataFolder, fetchFrom, startEmbeddedClickHouse } from './embedded-clickhouse.js';

/** A database of its own on the engine under test: the embedded one, or the server that CLICKHOUSE_URL names. */
export interface ClickHouseHarness {
  url: string;
  database: string;
  client: ClickHouseClient;
  /** A second client with options of its own. */
  clientWith(options: Parameters<typeof createClient>[0]): ClickHouseClient;
  /** Rows of a query. */
  rows<T>(query: string, more?: object): Promise<T[]>;
  /** Sends a body past the client, with the answer held back until it is complete. */
  post(query: string, body: string): Promise<Response>;
  createTable(name: string, columns: string): Promise<unknown>;
}

// Refusals are what these tests provoke; the client would print each of them.
const QUIET = { log: { level: ClickHouseLogLevel.OFF } };

/** Starts the engine under test before the tests of a file and takes it away after them. */
export const clickHouseHarness = (): ClickHouseHarness => {
  const database = `contract_${process.pid}_${Date.now()}`;
  const cleanUps: (() => Promise<unknown>)[] = [];
  const under: ClickHouseHarness = {
    url: process.env['CLICKHOUSE_URL'] ?? '',
    database,
    client: createClient(QUIET),
    clientWith: (options) => {
      const client = createClient({ url: under.url, database, ...QUIET, ...options });
      cleanUps.push(() => client.close());
      return client;
    },
    rows: async <T>(query: string, more: object = {}) =>
      (await under.client.query({ query, format: 'JSONEachRow', ...more })).json<T>(),
    post: (query, body) =>
      fetchFrom(under.url, `/?database=${database}&wait_end_of_query=1&${query}`, {
        method: 'POST',
        body,
      }),
    createTable: (name, columns) =>
      under.client.command({
        query: `CREATE TABLE ${name} (${columns}) ENGINE = MergeTree ORDER BY tuple()`,
      }),
  };
  beforeAll(async () => {
    if (under.url === '') {
      const data = await dataFolder();
      cleanUps.push(data.remove);
      const face = await startEmbeddedClickHouse(data.path);
      cleanUps.push(() => face.stop('SIGTERM'));
      under.url = face.url;
    }
    const admin = createClient({ url: under.url, ...QUIET });
    cleanUps.push(() => admin.close());
    await admin.command({ query: `CREATE DATABASE ${database}` });
    cleanUps.push(() => admin.command({ query: `DROP DATABASE ${database} SYNC` }));
    under.client = under.clientWith({});
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  });
  return under;
};
