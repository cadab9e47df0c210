import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, ConsoleHarness } from './console-harness.js';
import { costlyFields, costlyJson } from './costly-bodies.js';
import { leastCost, machineFactor } from './request-cost.js';

/** Of the process for one request, the test's own share included. */
const CPU_MS_MAX = 200;
const NEIGHBOUR_MS_MAX = 200;
const BYTES_MAX = 256 * 1024;

interface Document {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, Content> } }>>;
  components: { schemas: Record<string, { properties?: Record<string, object> }> };
}
interface Content {
  schema: { $ref: string };
}

let harness: ConsoleHarness;
let url: string;
let key: string;
let factor: number;

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  ({ key } = await harness.newProject());
  await harness.app.listen(0, '127.0.0.1');
  url = await harness.app.getUrl();
  factor = machineFactor();
});

afterAll(() => harness.close());

/** Every route that takes a body, with the fields that its page names. */
async function bodyRoutes(): Promise<{ method: string; path: string; fields: string[] }[]> {
  const { paths, components } = (await (await fetch(`${url}/docs-json`)).json()) as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) => {
      if (requestBody === undefined) return [];
      const { $ref } = requestBody.content['application/json']!.schema;
      const { properties = {} } = components.schemas[$ref.split('/').at(-1)!] ?? {};
      const concrete = path.replaceAll(/\{\w+\}/g, 'x');
      return [{ method: method.toUpperCase(), path: concrete, fields: Object.keys(properties) }];
    }),
  );
}

describe('costly bodies', () => {
  it('hold no route of the console up for 200 ms', async () => {
    const routes = await bodyRoutes();
    expect(routes.length).toBeGreaterThan(10);
    const bounds = { cpuMs: CPU_MS_MAX * factor, neighbourMs: NEIGHBOUR_MS_MAX * factor };
    const tooCostly: string[] = [];
    const whole = costlyJson(BYTES_MAX);
    for (const { method, path, fields } of routes) {
      const bodies = { ...whole };
      for (const field of fields) Object.assign(bodies, costlyFields(field, BYTES_MAX));
      for (const [name, body] of Object.entries(bodies)) {
        const { cpuMs, neighbourMs } = await leastCost(
          {
            cpuMs: ownCpuMs,
            request: () => ask(method, path, body),
            neighbour: async () => (await fetch(`${url}/health/nothing`)).text(),
          },
          bounds,
        );
        if (cpuMs > bounds.cpuMs || neighbourMs > bounds.neighbourMs)
          tooCostly.push(`${method} ${path}: ${name}: ${cpuMs} ms, neighbour ${neighbourMs} ms`);
      }
    }
    expect(tooCostly).toEqual([]);
  });

  it('beyond the bounds are refused by the bound', async () => {
    const deep = `{"name":${'['.repeat(9)}${']'.repeat(9)}}`;
    const wide = `{"metadata":{${Array.from({ length: 1_001 }, (_, n) => `"k${n}":1`).join(',')}}}`;
    for (const [body, code] of [
      [deep, 'too_deep'],
      [wide, 'too_many_entries'],
    ] as const) {
      const answer = await ask('POST', '/v1/customers', body);
      const { error } = (await answer.json()) as { error: { code: string } };
      expect([answer.status, error.code]).toEqual([400, code]);
    }
    const query = Array.from({ length: 101 }, (_, n) => `q${n}=1`).join('&');
    expect((await ask('GET', `/v1/customers?${query}`)).status).toBe(400);
  });
});

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function ask(method: string, path: string, body?: string): Promise<Response> {
  const token = path.startsWith('/v1/projects') ? ADMIN_KEY : key;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
}
