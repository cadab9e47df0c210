import type { SetAsideCounts, SetAsideItem, StoredEvent } from '#clickhouse';
import { CARRIED_FIELDS, type CarriedField, EVENT_FIELDS } from '#contracts';
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
  const { id, source, type } = event;
  return {
    id,
    source,
    type,
    time: showTime(event.event_time_ms),
    received_at: showTime(event.received_at_ms),
    key: event.api_key,
    ...Object.fromEntries(CARRIED_FIELDS.map((field) => [field, showField(event, field)])),
    // A count of one event is at most 2^53 - 1.
    usage: mapValues(event.usage, Number),
  };
}

function showField(event: StoredEvent, field: CarriedField): unknown {
  if (EVENT_FIELDS[field].kind !== 'map') return event[field];
  return mapValues(event[field] as Record<string, string>, (json) => JSON.parse(json) as unknown);
}

function mapValues<T, U>(map: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function amountOf(text: string): string {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not an amount: ${text}`);
  return formatDecimal(decimal);
}
