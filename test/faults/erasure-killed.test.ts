import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { eventually, type LoadedPlatform, startLoadedPlatform } from '#testing';
import { ApiClient } from '../e2e/api-client.js';
import { sourceFailpoints } from './source-failpoints.js';

/** The console waits a while with what was just asked for; a clock that is ahead does not. */
const SETTLED = { CLOCK_OFFSET_MS: '60000' };

let test: LoadedPlatform;
let clickhouse: ClickHouseClient;
let client: ApiClient;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'console'] as const;
  test = await startLoadedPlatform('erasure-killed', { apps });
  const { clickhouseUrl: url, clickhouseDatabase: database } = test.platform.surroundings.engines;
  clickhouse = connectClickHouse({ url, database });
  client = ApiClient.of(test.platform);
  await test.load.send(400, { batchMax: 20 });
  await client.waitUntilCounted();
});
afterAll(async () => {
  await clickhouse.close();
  await test.end();
});

async function eventsOf(user: string): Promise<number> {
  const answer = await clickhouse.query({
    query: 'SELECT count() FROM usage_raw WHERE `user` = {user:String}',
    query_params: { user },
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string]>();
  return Number(row?.[0]);
}

/** One who has used something, and is nobody's pseudonym. */
async function someUser(): Promise<string> {
  const answer = await clickhouse.query({
    query:
      "SELECT `user` FROM usage_raw WHERE startsWith(`user`, 'user-') GROUP BY ALL ORDER BY count() DESC LIMIT 1",
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string]>();
  return row?.[0] ?? '';
}

it.each(sourceFailpoints('console', 'erasures'))(
  'an erasure whose console is killed at %s under load is done, and every other sum is exact',
  async (failpoint) => {
    const user = await someUser();
    const before = await eventsOf(user);
    expect(before).toBeGreaterThan(0);
    const asked = await client.ask<{ id: string }>('POST', '/v1/erasures', { body: { user } });
    expect(asked.status).toBe(201);
    const { id } = asked.body;
    const death = once(test.platform.process('console'), 'exited');
    await test.platform.stopProcess('console');
    await death;
    const killed = once(test.platform.process('console'), 'exited');
    const started = test.platform.start('console', {
      env: SETTLED,
      firstRun: { FAILPOINT: failpoint },
    });
    const [exit] = (await test.load.sendWhile(killed)) as [{ signal: string }];
    expect(exit.signal).toBe('SIGKILL');
    await started;
    await test.platform.waitUntilReady('console');
    await test.load.sendWhile(
      eventually(async () => {
        const { body } = await client.get<{ state: string }>(`/v1/erasures/${id}`);
        return body.state === 'done' || null;
      }),
    );
    // Whoever comes under that name meanwhile is somebody new.
    expect(await eventsOf(id)).toBeGreaterThanOrEqual(before);
    await test.restart('console');
    expect(await test.load.differences()).toEqual([]);
  },
);
