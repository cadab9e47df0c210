import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { EVENT_TYPES } from '#contracts';
import { ApiError } from '#http';
import { Clock } from '#platform';
import {
  Deliveries,
  type Delivery,
  type DeliveryAttempt,
  type Postgres,
  type WebhookEndpoint,
  WebhookEndpoints,
} from '#postgres';
import { AlertOutbox, DeliveryWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { readMoment } from '../usage/moment.js';
import type { DeliveryDto, ReplayDto } from './delivery.dto.js';

const TEST_TYPE = 'budget.threshold_reached';

/** What went to an endpoint, and sending it again: the notifier takes it up within its polling interval. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /** Undefined when there is no such endpoint. */
  list(
    project: string,
    endpoint: string,
    query: ListQueryDto,
  ): Promise<Page<DeliveryDto> | undefined> {
    return this.engines.postgres(async (postgres) => {
      if (!(await new WebhookEndpoints(postgres).find(project, endpoint))) return undefined;
      const deliveries = new Deliveries(postgres);
      const page = await newestFirst(query, (asked) => deliveries.list(endpoint, asked), same);
      const attempts = await deliveries.attemptsOf(page.data.map(({ id }) => id));
      const byDelivery = Map.groupBy(attempts, ({ delivery }) => delivery);
      const data = page.data.map((delivery) => show(delivery, byDelivery.get(delivery.id) ?? []));
      return { ...page, data };
    });
  }

  /**
   * Sends the example of a type under a fresh id that begins with `test_`, whatever the filters. Answers the delivery.
   * @throws ApiError 409 while the endpoint is disabled or not confirmed.
   */
  sendTest(project: string, id: string, type = TEST_TYPE): Promise<string | undefined> {
    return this.toLiving(project, id, (postgres) => {
      const example = EVENT_TYPES.find((eventType) => eventType.type === type)?.example ?? {};
      const now = new Date(this.clock.now());
      const alert = {
        id: `test_${randomBase62(24)}`,
        project,
        type,
        raised_at: now.toISOString(),
        raised_by: null,
        data: example,
      };
      return new AlertOutbox(postgres).recordTest(alert, id, now);
    });
  }

  /**
   * Makes a delivery due now, with the id that it always had. Undefined when there is no such delivery.
   * @throws ApiError 409 while its endpoint is disabled or not confirmed.
   */
  async resend(project: string, id: string): Promise<string | undefined> {
    const delivery = await this.engines.postgres((postgres) =>
      new Deliveries(postgres).find(project, id),
    );
    if (!delivery) return undefined;
    return this.toLiving(project, delivery.endpoint, async (postgres) => {
      await new DeliveryWrites(postgres).resend(id, new Date(this.clock.now()));
      return id;
    });
  }

  /**
   * Sends again what was raised in a range of time and passes the filters of today. Answers how many.
   * @throws ApiError 409 while the endpoint is disabled or not confirmed, 400 for a range that is none.
   */
  replay(project: string, endpoint: string, range: ReplayDto): Promise<number | undefined> {
    const [from, to] = [momentOf(range, 'from'), momentOf(range, 'to')];
    if (from >= to) throw refusedField('to', 'must be later than from');
    return this.toLiving(project, endpoint, (postgres) =>
      new AlertOutbox(postgres).replay(
        { project, endpoint },
        { from, to },
        new Date(this.clock.now()),
      ),
    );
  }

  private toLiving<T>(
    project: string,
    id: string,
    send: (postgres: Postgres) => Promise<T>,
  ): Promise<T | undefined> {
    return this.engines.postgres(async (postgres) => {
      const endpoint = await new WebhookEndpoints(postgres).find(project, id);
      if (!endpoint) return undefined;
      refuseSilent(endpoint);
      return send(postgres);
    });
  }
}

function refuseSilent({ disabled_at, confirmed_at }: WebhookEndpoint): void {
  if (disabled_at !== null)
    throw new ApiError(409, 'endpoint_disabled', 'this endpoint is disabled: enable it first');
  if (confirmed_at === null)
    throw new ApiError(409, 'endpoint_unconfirmed', 'this endpoint is not confirmed yet');
}

function momentOf(range: ReplayDto, field: 'from' | 'to'): Date {
  const moment = readMoment(range[field]);
  if (moment === null) throw refusedField(field, 'must be a time as RFC 3339 has it');
  return new Date(moment);
}

function refusedField(field: string, message: string): ApiError {
  return new ApiError(400, 'invalid_request', `${field} ${message}`, [{ field, message }]);
}

function same(delivery: Delivery): Delivery {
  return delivery;
}

function show(delivery: Delivery, attempts: readonly DeliveryAttempt[]): DeliveryDto {
  const { id, alert, type, state, next_at, created_at } = delivery;
  return {
    id,
    alert,
    type,
    state,
    next_attempt_at: next_at?.toISOString() ?? null,
    attempts: attempts.map(({ attempt, at, status, answer, duration_ms }) => ({
      attempt,
      at: at.toISOString(),
      status,
      answer,
      duration_ms,
    })),
    created_at: created_at.toISOString(),
  };
}
