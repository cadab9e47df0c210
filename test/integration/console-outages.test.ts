import { afterEach, describe, expect, it } from '@jest/globals';
import { Readiness } from '#platform';
import { ADMIN_KEY, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness | undefined;
afterEach(() => harness?.close());

const NOBODY = '127.0.0.1:9';

describe('the console', () => {
  it('answers 503 with Retry-After while ClickHouse is away, and says so in its readiness', async () => {
    harness = await ConsoleHarness.open({ clickhouseUrl: `http://${NOBODY}` });
    const { key } = await harness.newProject();
    for (const url of ['/v1/usage', '/v1/events/e1', '/v1/quarantine', '/v1/conflicts']) {
      const { status, headers, body } = await harness.call('GET', url, { key });
      expect([url, status, headers['retry-after'], body.error.code]).toEqual([
        url,
        503,
        '2',
        'clickhouse_unavailable',
      ]);
    }
    expect((await harness.call('GET', '/v1/customers', { key })).status).toBe(200);
    expect(Object.keys(await harness.app.get(Readiness).failures())).toEqual(['clickhouse']);
  });

  it('answers 503 with Retry-After while PostgreSQL is away', async () => {
    harness = await ConsoleHarness.open({ databaseUrl: `postgres://x:y@${NOBODY}/z` });
    const { key } = await harness.newProject();
    const read = await harness.call('GET', '/v1/usage', { key });
    expect([read.status, read.headers['retry-after'], read.body.error.code]).toEqual([
      503,
      '1',
      'keys_unavailable',
    ]);
    const managed = await harness.call('GET', '/v1/projects', { key: ADMIN_KEY });
    expect([managed.status, managed.headers['retry-after'], managed.body.error.code]).toEqual([
      503,
      '2',
      'postgres_unavailable',
    ]);
  });

  it('is ready when both databases answer, whatever Kafka does', async () => {
    harness = await ConsoleHarness.open();
    expect(await harness.app.get(Readiness).failures()).toEqual({});
  });

  it('describes itself at /docs, and names each request', async () => {
    harness = await ConsoleHarness.open();
    expect((await harness.call('GET', '/docs')).text).toContain('swagger');
    const answer = await harness.call('GET', '/v1/usage');
    expect(answer.headers['x-request-id']).toBe(answer.body.error.request_id);
  });

  it('answers 404 in its own shape where there is no route', async () => {
    harness = await ConsoleHarness.open();
    const { status, body } = await harness.call('GET', '/v1/nothing');
    expect([status, body.error.code]).toEqual([404, 'not_found']);
  });
});
