import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { ApiError } from '#http';
import { Clock } from '#platform';
import { type Channel, type Postgres, type WebhookEndpoint, WebhookEndpoints } from '#postgres';
import { WebhookEndpointWrites } from '#postgres/writes';
import { Sealer } from '#sealing';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { withinLimits } from '../limits/within-limits.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { checkEndpointUrl } from './check-endpoint-url.js';
import type {
  ChangeWebhookEndpointDto,
  CreatedWebhookEndpointDto,
  CreateWebhookEndpointDto,
  WebhookEndpointDto,
} from './webhook-endpoint.dto.js';
import { EndpointConfirmationsService } from './endpoint-confirmations.service.js';
import { mintWebhookSecret } from './webhook-secret.js';

const OLD_SECRET_LIVES_MS = 24 * 3_600_000;

/**
 * Where a project's alerts go. Matching is by the row at the moment an alert is recorded, so changes count at once.
 * Each answer is undefined where the project has no such endpoint; none but the first shows a secret.
 */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
    private readonly confirmations: EndpointConfirmationsService,
    private readonly sealer: Sealer,
  ) {}

  /** @throws ApiError 400 for a URL that its channel cannot have, 409 at a limit of the project. */
  async create(
    postgres: Postgres,
    project: string,
    { url, events, description, channel }: CreateWebhookEndpointDto,
  ): Promise<CreatedWebhookEndpointDto> {
    const chosen = channel ?? 'webhook';
    refuseWrongUrl(url, chosen);
    const id = `whe_${randomBase62(16)}`;
    const secret = mintWebhookSecret();
    const endpoint = await withinLimits(
      postgres,
      project,
      ['webhook_endpoints'],
      async (transaction) => {
        const created = await new WebhookEndpointWrites(transaction).create({
          id,
          project,
          channel: chosen,
          url,
          events,
          description: description ?? null,
          secret: this.sealer.seal(secret, id),
        });
        if (created.confirmed_at === null) await this.confirmations.ask(transaction, created);
        return created;
      },
    );
    return Object.assign(showEndpoint(endpoint), { secret });
  }

  async find(project: string, id: string): Promise<WebhookEndpointDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new WebhookEndpoints(postgres).find(project, id)),
    );
  }

  list(project: string, query: ListQueryDto): Promise<Page<WebhookEndpointDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(
        query,
        (page) => new WebhookEndpoints(postgres).list(project, page),
        showEndpoint,
      ),
    );
  }

  /** @throws ApiError 400 for a URL that its channel cannot have. */
  async change(
    project: string,
    id: string,
    { disabled, ...change }: ChangeWebhookEndpointDto,
  ): Promise<WebhookEndpointDto | undefined> {
    const endpoint = await this.engines.postgres((postgres) =>
      postgres.transaction().execute(async (transaction) => {
        const endpoints = new WebhookEndpointWrites(transaction);
        const before = await new WebhookEndpoints(transaction).find(project, id);
        if (!before) return undefined;
        if (change.url !== undefined) refuseWrongUrl(change.url, before.channel);
        if (disabled === false) await endpoints.enable(project, id);
        const stop = { at: new Date(this.clock.now()), reason: 'by request' };
        if (disabled === true) await endpoints.disable(project, id, stop);
        const isMoved = before.channel === 'email' && (change.url ?? before.url) !== before.url;
        if (isMoved) await endpoints.unconfirm(project, id);
        const after = await endpoints.update(project, id, givenFields(change));
        if (isMoved && after) await this.confirmations.ask(transaction, after);
        return after;
      }),
    );
    return shown(endpoint);
  }

  /** What waits for it is given up. */
  async delete(project: string, id: string): Promise<WebhookEndpointDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new WebhookEndpointWrites(postgres).delete(project, id),
      ),
    );
  }

  /** The secret before signs beside the new one for 24 h. */
  async rotateSecret(
    postgres: Postgres,
    project: string,
    id: string,
  ): Promise<CreatedWebhookEndpointDto | undefined> {
    const secret = mintWebhookSecret();
    const oldUntil = new Date(this.clock.now() + OLD_SECRET_LIVES_MS);
    const endpoints = new WebhookEndpointWrites(postgres);
    const endpoint = await endpoints.rotateSecret(
      project,
      id,
      this.sealer.seal(secret, id),
      oldUntil,
    );
    return endpoint && Object.assign(showEndpoint(endpoint), { secret });
  }
}

function refuseWrongUrl(url: string, channel: Channel): void {
  const problem = checkEndpointUrl(url, channel);
  if (problem === null) return;
  throw new ApiError(400, 'invalid_request', `url ${problem}`, [
    { field: 'url', message: problem },
  ]);
}

function shown(endpoint: WebhookEndpoint | undefined): WebhookEndpointDto | undefined {
  return endpoint && showEndpoint(endpoint);
}

export function showEndpoint(endpoint: WebhookEndpoint): WebhookEndpointDto {
  const { id, url, events, description, channel, disabled_reason } = endpoint;
  return {
    id,
    url,
    events,
    description,
    channel,
    disabled: endpoint.disabled_at !== null,
    disabled_reason,
    disabled_at: endpoint.disabled_at?.toISOString() ?? null,
    confirmed: endpoint.confirmed_at !== null,
    failing_since: endpoint.failing_since?.toISOString() ?? null,
    created_at: endpoint.created_at.toISOString(),
  };
}
