import type { SetAsideCounts, SetAsideItem, StoredEvent } from '#clickhouse';
import { formatDecimal, parseDecimal } from '#money';
import { showPosition, showTime } from '../position.dto.js';
import type { CostLineDto, EventDto } from './event.dto.js';

/** A counted event with its fate and the working of its price. */
export function showEvent(event: StoredEvent, counts: SetAsideCounts): EventDto {
  const priced = event.cost_state !== 'unpriced';
  return {
    ...sentFields(event),
    fate: event.cost_state,
    reason: priced ? null : event.cost_reason,
    detail: priced ? null : event.cost_detail,
    ...counts,
    position: showPosition({
      cluster: event.origin_cluster,
      partition: event.origin_partition,
      offset: event.origin_offset,
      index: event.origin_index,
    }),
    cost: priced ? amountOf(event.cost_amount) : null,
    partial_cost: priced ? null : amountOf(event.cost_partial_amount),
    currency: 'USD',
    lines: JSON.parse(event.cost_lines) as CostLineDto[],
    price_version: event.price_version,
  };
}

/** An event that could not become usage: of its content only what names it is known for sure. */
export function showQuarantined(item: SetAsideItem): EventDto {
  return {
    id: item.id,
    source: item.source,
    fate: 'quarantined',
    reason: item.reason,
    detail: item.detail,
    repeats: 0,
    conflicts: 0,
    position: showPosition(item),
    cost: null,
    partial_cost: null,
    currency: 'USD',
    lines: [],
    price_version: null,
  };
}

function sentFields(event: StoredEvent) {
  return {
    ...namesOf(event),
    ...callOf(event),
    properties: mapValues(
      event.properties,
      (json) => JSON.parse(json) as string | number | boolean,
    ),
    // A count of one event is at most 2^53 - 1.
    usage: mapValues(event.usage, Number),
  };
}

function namesOf(event: StoredEvent) {
  const { id, source, type, customer, user, application, conversation, job, purpose } = event;
  const time = showTime(event.event_time_ms);
  const received_at = showTime(event.received_at_ms);
  const key = event.api_key;
  const names = { customer, user, application, conversation, job, purpose };
  return { id, source, type, time, received_at, key, ...names };
}

function callOf(event: StoredEvent) {
  const { provider, model, service_tier, batch, region, status, latency_ms } = event;
  const { provider_response_id, provider_cost, tags } = event;
  const answer = { status, latency_ms, provider_response_id, provider_cost };
  return { provider, model, service_tier, batch, region, ...answer, tags };
}

function mapValues<T, U>(map: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function amountOf(text: string): string {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not an amount: ${text}`);
  return formatDecimal(decimal);
}
