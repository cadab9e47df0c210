import { inTransaction, type Postgres } from './database.js';
import { abandonDeliveries } from './delivery-writes.js';
import type { Channel } from './tables/webhook-endpoints.js';
import {
  ENDPOINT_COLUMNS,
  type WebhookEndpoint,
  type WebhookEndpointChange,
  WebhookEndpoints,
} from './webhook-endpoints.js';

/** Makes and changes the places where a project's alerts go. */
export class WebhookEndpointWrites {
  constructor(private readonly postgres: Postgres) {}

  /** One for e-mail gets nothing until it is confirmed. */
  create(endpoint: {
    id: string;
    project: string;
    channel: Channel;
    url: string;
    events: string[];
    description: string | null;
    secret: string;
  }): Promise<WebhookEndpoint> {
    const { secret, ...columns } = endpoint;
    const confirmed = columns.channel === 'email' ? { confirmed_at: null } : {};
    return this.postgres
      .insertInto('webhook_endpoints')
      .values({ ...columns, ...confirmed, secrets: JSON.stringify([{ secret, expires_at: null }]) })
      .returning(ENDPOINT_COLUMNS)
      .executeTakeFirstOrThrow();
  }

  update(
    project: string,
    id: string,
    change: WebhookEndpointChange,
  ): Promise<WebhookEndpoint | undefined> {
    if (Object.keys(change).length === 0)
      return new WebhookEndpoints(this.postgres).find(project, id);
    return this.changing(project, id).set(change).returning(ENDPOINT_COLUMNS).executeTakeFirst();
  }

  /** Its address is another one: what waits for the former is given up, and nothing goes to the new before it is confirmed. */
  unconfirm(project: string, id: string): Promise<void> {
    return inTransaction(this.postgres, async (transaction) => {
      await new WebhookEndpointWrites(transaction)
        .changing(project, id)
        .set({ confirmed_at: null })
        .execute();
      await abandonDeliveries(transaction, id);
    });
  }

  /** Takes alerts again, and forgets how long it failed. What was given up meanwhile stays given up. */
  enable(project: string, id: string): Promise<WebhookEndpoint | undefined> {
    return this.changing(project, id)
      .set({ disabled_at: null, disabled_reason: null, failing_since: null })
      .returning(ENDPOINT_COLUMNS)
      .executeTakeFirst();
  }

  /** Gives up what waits for it. Undefined when there is no such endpoint, or it is disabled already. */
  disable(
    project: string,
    id: string,
    disabled: { at: Date; reason: string },
  ): Promise<WebhookEndpoint | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const endpoint = await new WebhookEndpointWrites(transaction)
        .changing(project, id)
        .set({ disabled_at: disabled.at, disabled_reason: disabled.reason })
        .where('disabled_at', 'is', null)
        .returning(ENDPOINT_COLUMNS)
        .executeTakeFirst();
      if (endpoint) await abandonDeliveries(transaction, id);
      return endpoint;
    });
  }

  delete(project: string, id: string): Promise<WebhookEndpoint | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const endpoint = await new WebhookEndpointWrites(transaction)
        .changing(project, id)
        .set({ deleted_at: new Date() })
        .returning(ENDPOINT_COLUMNS)
        .executeTakeFirst();
      if (endpoint) await abandonDeliveries(transaction, id);
      return endpoint;
    });
  }

  /**
   * Puts a new secret in force; the one before signs beside it until `oldUntil`, any older one no more.
   * Undefined when there is no such endpoint.
   */
  rotateSecret(
    project: string,
    id: string,
    secret: string,
    oldUntil: Date,
  ): Promise<WebhookEndpoint | undefined> {
    return inTransaction(this.postgres, async (transaction) => {
      const row = await transaction
        .selectFrom('webhook_endpoints')
        .select('secrets')
        .where('project', '=', project)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return undefined;
      const old = row.secrets
        .slice(0, 1)
        .map((before) => ({ ...before, expires_at: oldUntil.toISOString() }));
      const secrets = JSON.stringify([{ secret, expires_at: null }, ...old]);
      return new WebhookEndpointWrites(transaction)
        .changing(project, id)
        .set({ secrets })
        .returning(ENDPOINT_COLUMNS)
        .executeTakeFirst();
    });
  }

  private changing(project: string, id: string) {
    return this.postgres
      .updateTable('webhook_endpoints')
      .where('project', '=', project)
      .where('id', '=', id)
      .where('deleted_at', 'is', null);
  }
}
