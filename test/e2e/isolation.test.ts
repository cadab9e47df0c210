import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '#access';
import { startTestPlatform, type TestPlatform } from '#testing';
import type { Answer, ApiClient, UsageAnswer } from './api-client.js';
import { everyRoute } from './every-route.js';
import {
  type Belongings,
  CANARY,
  createTenant,
  fillWithCanaries,
  SHARED,
  type Tenant,
} from './two-projects.js';

const REVOKED_MS_MAX = 2_000;

let test: TestPlatform;
let mine: Tenant;
let theirs: Tenant;
let belongings: Belongings;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
  test = await startTestPlatform('isolation', { apps });
  [mine, theirs] = [
    await createTenant(test.platform, 'mine'),
    await createTenant(test.platform, CANARY),
  ];
  belongings = await fillWithCanaries(test.platform, theirs);
});

afterAll(() => test.end());

/** Asks one route of the table, about things of the other project where it is about one. */
function askRoute(client: ApiClient, route: string): Promise<Answer<object>> {
  const [method = '', template = ''] = route.split(' ');
  const { path = template, body } = everyRoute[route] ?? {};
  const known = {
    key: theirs.keyId,
    quarantine: belongings.quarantineId,
    budget: belongings.budgetId,
    rate: belongings.rateId,
    alert: belongings.alertId,
    mute: belongings.muteId,
    endpoint: belongings.endpointId,
    delivery: belongings.deliveryId,
    erasure: belongings.erasureId,
    project: theirs.project,
  };
  const fillIn = (text: string) =>
    Object.entries(known).reduce((filled, [name, id]) => filled.replace(`{${name}}`, id), text);
  const sent =
    body === undefined ? undefined : (JSON.parse(fillIn(JSON.stringify(body))) as object);
  if (route === 'POST /v1/events') return client.send(sent);
  return client.ask(method, fillIn(path), { body: sent });
}

async function documentedRoutes(): Promise<string[]> {
  const { ingest, console } = mine.client.urls;
  const documents = await Promise.all(
    [ingest, console].map(async (url) => {
      const response = await fetch(`${url}/docs-json`);
      return (await response.json()) as { paths: Record<string, object> };
    }),
  );
  return documents.flatMap(({ paths }) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
}

/** All that a project can see of itself. */
async function everythingOf({ client }: Tenant): Promise<unknown> {
  const urls = [
    '/v1/usage?group_by=customer,user,provider,model,application,type',
    ...[
      'quarantine',
      'conflicts',
      'keys',
      'applications',
      'customers',
      'budgets',
      'rates',
      'alerts?type=budget.breached',
      'mutes',
      'webhook-endpoints',
    ].map((list) => `/v1/${list}`),
    `/v1/events/${CANARY}`,
    '/v1/anomaly-settings',
  ];
  const answers = await Promise.all(urls.map((url) => client.get<UsageAnswer>(url)));
  return answers.map(({ body: { data, ...single } }) => data ?? single);
}

describe("another project's key", () => {
  it('is tried on every route that there is', async () => {
    const routes = await documentedRoutes();
    expect(Object.keys(everyRoute).sort()).toEqual(routes.sort());
  });

  it('reads, changes and takes nothing, on any route', async () => {
    const before = await everythingOf(theirs);
    expect(JSON.stringify(before).split(CANARY).length).toBeGreaterThan(10);
    for (const [route, { status }] of Object.entries(everyRoute)) {
      if (route === 'POST /v1/events') continue;
      const answer = await askRoute(mine.client, route);
      expect([route, answer.status]).toEqual([route, status]);
      expect([route, answer.text]).toEqual([route, expect.not.stringContaining(CANARY)]);
    }
    await theirs.client.waitUntilCounted();
    expect(await everythingOf(theirs)).toEqual(before);
  });

  it('counts the same event id, customer and application for itself', async () => {
    const call = { id: SHARED, customer: SHARED, provider: 'openai', model: 'gpt-4o' };
    const usages = [{ input_tokens: 1_000 }, { input_tokens: 3_000 }];
    const tenants = [mine, theirs];
    for (const [n, { client }] of tenants.entries())
      expect((await client.send({ ...call, usage: usages[n] })).status).toBe(202);
    await mine.client.waitUntilCounted();
    // 1,000 and 3,000 at 2.50 dollars a million.
    for (const [n, cost] of ['0.0025', '0.0075'].entries()) {
      const { client } = tenants[n]!;
      expect(await client.usage(`?customer=${SHARED}`)).toMatchObject([{ events: 1, cost }]);
      const { body } = await client.get(`/v1/events/${SHARED}`);
      expect(body).toMatchObject({ cost, usage: usages[n], repeats: 0, conflicts: 0 });
    }
    const names = tenants.map(async ({ client }) => {
      const { body } = await client.get<{ name: string }>(`/v1/customers/${SHARED}-customer`);
      return body.name;
    });
    expect(await Promise.all(names)).toEqual(['mine', CANARY]);
  });

  it('sends nothing under the application of the other', async () => {
    const event = { eventType: 'text_gen', inputTokens: 1, outputTokens: 1 };
    const appId = `${CANARY}-application`;
    expect((await mine.client.send({ appId, ...event })).status).toBe(403);
    const door = mine.client.withKey(belongings.applicationToken);
    expect((await door.send({ appId, ...event })).status).toBe(202);
    await mine.client.waitUntilCounted();
    expect(await mine.client.usage(`?application=${appId}`)).toEqual([]);
    expect(await theirs.client.usage(`?application=${appId}`)).toMatchObject([{ events: 1 }]);
  });
});

describe('a key', () => {
  it('opens no route whose scope it lacks, and none without a key', async () => {
    for (const [route, { scope }] of Object.entries(everyRoute)) {
      const scopes = SCOPES.filter((one) => one !== scope);
      const body = { name: 'limited', scopes };
      const { key } = (await mine.client.ask<{ key: string }>('POST', '/v1/keys', { body })).body;
      const limited = await askRoute(mine.client.withKey(key), route);
      const code = scope === 'admin' ? 'admin_only' : 'missing_scope';
      expect([route, limited.status, limited.body.error.code]).toEqual([route, 403, code]);
      const without = await askRoute(mine.client.withKey(null), route);
      expect([route, without.status]).toEqual([route, 401]);
    }
  });

  it('works from the moment it is answered and stops at every door within 2 s of its end', async () => {
    const body = { name: 'short-lived', scopes: SCOPES };
    for (let n = 0; n < 3; n += 1) {
      const made = await mine.client.ask<{ id: string; key: string }>('POST', '/v1/keys', { body });
      const client = mine.client.withKey(made.body.key);
      const doors = [() => client.send({}), () => client.get('/v1/usage')];
      const opened = await Promise.all(doors.map(async (door) => (await door()).status));
      expect(opened).toEqual([202, 200]);
      expect((await mine.client.ask('DELETE', `/v1/keys/${made.body.id}`)).status).toBe(200);
      await expectToShut(doors);
    }
  });

  it('stops with its project, and the token of an application with the application', async () => {
    const tenant = await createTenant(test.platform, 'to be deleted');
    const application = { id: 'app', name: 'app', provider: 'openai', model: 'gpt-4o' };
    const made = await tenant.client.ask<{ token: string }>('POST', '/v1/applications', {
      body: application,
    });
    const event = { appId: 'app', eventType: 'text_gen', inputTokens: 1, outputTokens: 1 };
    const door = tenant.client.withKey(made.body.token);
    expect((await door.send(event)).status).toBe(202);
    await tenant.client.ask('DELETE', '/v1/applications/app');
    await expectToShut([() => door.send(event)]);
    const admin = tenant.client.withKey(test.platform.surroundings.adminKey);
    expect((await admin.ask('DELETE', `/v1/projects/${tenant.project}`)).status).toBe(200);
    await expectToShut([() => tenant.client.send({}), () => tenant.client.get('/v1/usage')]);
  });
});

async function expectToShut(doors: (() => Promise<Answer<object>>)[]): Promise<void> {
  const endedMs = Date.now();
  for (const door of doors) {
    while ((await door()).status !== 401) await delay(20);
    expect(Date.now() - endedMs).toBeLessThan(REVOKED_MS_MAX);
  }
}
