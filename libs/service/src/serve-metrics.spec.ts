import { request } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { serveMetrics } from './serve-metrics.js';

let url: string;

beforeAll(async () => {
  url = await serveMetrics('127.0.0.1', 0);
});

/** `fetch` sets `Host` by itself. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${path}`, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, text, headers: response.headers }),
      );
    });
    asking.on('error', reject).end();
  });
}

describe('the port of metrics', () => {
  it('answers this machine', async () => {
    const { status, text, headers } = await ask('/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(/^process_cpu_seconds_total \S+$/m);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it.each<Record<string, string>>([
    // A name of somebody else that leads here.
    { host: 'evil.example' },
    { host: '127.0.0.1.evil.example' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])('says nothing to a page that asks with %j', async (headers) => {
    const { status, text } = await ask('/metrics', headers);
    expect([status, text]).toEqual([403, '']);
  });

  it('has nothing else', async () => {
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', {}, 'POST')).status).toBe(404);
  });
});
