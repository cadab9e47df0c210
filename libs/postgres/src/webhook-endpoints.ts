import { type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { WebhookEndpointsTable } from './tables/webhook-endpoints.js';

export type WebhookEndpoint = Omit<
  Selectable<WebhookEndpointsTable>,
  'deleted_at' | 'secrets' | 'confirmation_tries'
>;

export interface WebhookEndpointChange {
  url?: string;
  events?: string[];
  description?: string | null;
}

/** Everything but the secrets: no read that an answer is made of can show them. */
export const ENDPOINT_COLUMNS = [
  'id',
  'project',
  'channel',
  'url',
  'events',
  'description',
  'disabled_at',
  'disabled_reason',
  'failing_since',
  'confirmed_at',
  'created_at',
] as const;

/** Where a project's alerts go. */
export class WebhookEndpoints {
  constructor(private readonly postgres: Postgres) {}

  find(project: string, id: string): Promise<WebhookEndpoint | undefined> {
    return this.living(project).where('id', '=', id).executeTakeFirst();
  }

  list(project: string, request: ListRequest): Promise<WebhookEndpoint[]> {
    return pageOf(this.living(project), request);
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('webhook_endpoints')
      .select(ENDPOINT_COLUMNS)
      .where('project', '=', project)
      .where('deleted_at', 'is', null);
  }
}
