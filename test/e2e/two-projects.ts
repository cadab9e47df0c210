import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_SOURCE, partitionOf } from '#contracts';
import type { Platform } from '../../dev/platform/platform.js';
import { ApiClient, type Page } from './api-client.js';
import { LogWriter } from './log-writer.js';

/** Stands in everything that belongs to the other project, and in nothing else. */
export const CANARY = 'canary';
/** An id that both projects use. */
export const SHARED = 'shared';

/** A project with what one can have, made through the platform's own routes. */
export interface Tenant {
  project: string;
  client: ApiClient;
  /** Of the key in `client`. */
  keyId: string;
}

interface Created {
  id: string;
  key: string;
}

export async function createTenant(platform: Platform, name: string): Promise<Tenant> {
  const admin = ApiClient.of(platform, platform.surroundings.adminKey);
  const made = await admin.ask<Created>('POST', '/v1/projects', { body: { name } });
  const project = made.body.id;
  const body = { name, scopes: ['ingest', 'read', 'manage'], project };
  const key = (await admin.ask<Created>('POST', '/v1/keys', { body })).body;
  return { project, client: admin.withKey(key.key), keyId: key.id };
}

export interface Belongings {
  applicationToken: string;
  quarantineId: string;
  budgetId: string;
  rateId: string;
  alertId: string;
  muteId: string;
  endpointId: string;
  /** To the endpoint, which nothing listens at. */
  deliveryId: string;
  /** Of a customer that nothing else is about. */
  erasureId: string;
}

/**
 * Gives a project an event, a conflict, a quarantined item, a customer, an application, a budget, a
 * rate, an alert and a webhook endpoint, all with the canary in them.
 */
export async function fillWithCanaries(
  platform: Platform,
  { project, client }: Tenant,
): Promise<Belongings> {
  const event = { id: CANARY, customer: CANARY, user: CANARY, model: CANARY };
  for (const sent of [event, { ...event, user: `${CANARY} 2` }]) await client.send(sent);
  const log = new LogWriter(platform);
  const id = `${CANARY}-poison`;
  const partition = partitionOf({ project, source: DEFAULT_SOURCE, id });
  await log.writeEvent(project, partition, { id, usage: { input_tokens: -1 } });
  await log.close();
  const application = { name: CANARY, provider: 'openai', model: 'gpt-4o' };
  const tokens: string[] = [];
  for (const made of [CANARY, SHARED]) {
    await client.ask('POST', '/v1/customers', { body: { id: `${made}-customer`, name: CANARY } });
    const body = { id: `${made}-application`, ...application };
    const answer = await client.ask<{ token: string }>('POST', '/v1/applications', { body });
    tokens.push(answer.body.token);
  }
  const body = { customer: `${CANARY}-erased` };
  const erasure = await client.ask<Created>('POST', '/v1/erasures', { body });
  await client.waitUntilCounted();
  const items = await client.get<Page<{ id: string }>>('/v1/quarantine');
  return {
    applicationToken: tokens[0] ?? '',
    quarantineId: items.body.data[0]?.id ?? '',
    erasureId: erasure.body.id,
    ...(await watchCanaries(client)),
  };
}

/** A budget that is breached at once, and what comes of it. */
async function watchCanaries(client: ApiClient) {
  const create = async (url: string, body: object) =>
    (await client.ask<Created>('POST', url, { body })).body.id;
  const lifetime = { kind: 'lifetime' };
  const watched = { name: CANARY, on: 'events', limit: '1', window: lifetime };
  const budgetId = await create('/v1/budgets', watched);
  const rateId = await create('/v1/rates', {
    name: CANARY,
    on: 'cost',
    limit: '1000000',
    over_seconds: 60,
  });
  const endpointId = await create('/v1/webhook-endpoints', {
    url: `http://127.0.0.1:9/${CANARY}`,
    events: ['anomaly.*'],
  });
  const test = await client.ask<{ delivery: string }>(
    'POST',
    `/v1/webhook-endpoints/${endpointId}/test`,
    { body: {} },
  );
  const breaches = () => client.get<Page<{ id: string }>>(`/v1/alerts?type=budget.breached`);
  const endpoint = () =>
    client.get<{ failing_since: string | null }>(`/v1/webhook-endpoints/${endpointId}`);
  while ((await breaches()).body.data.length === 0) await delay(50);
  while ((await endpoint()).body.failing_since === null) await delay(50);
  return {
    budgetId,
    rateId,
    alertId: (await breaches()).body.data[0]!.id,
    muteId: await create('/v1/mutes', { watch: budgetId, until: '2099-01-01' }),
    endpointId,
    deliveryId: test.body.delivery,
  };
}
