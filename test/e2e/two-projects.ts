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
  endpointId: string;
  /** To the endpoint, which nothing listens at. */
  deliveryId: string;
}

/**
 * Gives a project an event, a conflict, a quarantined item, a customer, an application, a budget and
 * a webhook endpoint, all with the canary in them.
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
  await client.waitUntilCounted();
  const items = await client.get<Page<{ id: string }>>('/v1/quarantine');
  const made = async (url: string, body: object) =>
    (await client.ask<Created>('POST', url, { body })).body.id;
  const budgetId = await made('/v1/budgets', {
    name: CANARY,
    on: 'cost',
    limit: '1',
    window: { kind: 'lifetime' },
  });
  const endpointId = await made('/v1/webhook-endpoints', {
    url: `http://127.0.0.1:9/${CANARY}`,
    events: ['budget.*'],
  });
  const sent = await client.ask<{ delivery: string }>(
    'POST',
    `/v1/webhook-endpoints/${endpointId}/test`,
  );
  return {
    applicationToken: tokens[0] ?? '',
    quarantineId: items.body.data[0]?.id ?? '',
    budgetId,
    endpointId,
    deliveryId: sent.body.delivery,
  };
}
