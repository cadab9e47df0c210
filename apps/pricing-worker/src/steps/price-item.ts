import {
  type Cost,
  DEFAULT_SOURCE,
  partitionOf,
  type PricedItem,
  type QuarantinedUsage,
  type RecordedBatch,
  type UsageEvent,
} from '#contracts';
import { type RatingRequest } from '#rating';
import { eventProblem } from './envelope-schemas.js';
import { priceEvent } from './price-event.js';

/** One event of a batch, priced; or set aside with its reason when it cannot be usage. */
export function priceItem(
  item: unknown,
  batch: RecordedBatch,
  partition: number,
  rateUsage: (request: RatingRequest) => Cost,
): PricedItem {
  const problem = eventProblem(item);
  if (problem !== null) return quarantine(item, batch, problem);
  const event = item as UsageEvent;
  const { project } = batch;
  const own = partitionOf({ project, source: event.source ?? DEFAULT_SOURCE, id: event.id });
  if (own !== partition) {
    // Another writer decides about this id: counted here as well, it would count twice.
    return quarantine(item, batch, `its id belongs to partition ${own}, not ${partition}`);
  }
  return priceEvent(event, batch, rateUsage);
}

/** Keeps the item in its batch, which is what it takes to send it on its way again. */
function quarantine(item: unknown, batch: RecordedBatch, detail: string): QuarantinedUsage {
  const { source, id } = (item ?? {}) as { source?: unknown; id?: unknown };
  return {
    outcome: 'quarantined',
    reason: 'invalid_event',
    detail,
    project: batch.project,
    source: source === undefined ? DEFAULT_SOURCE : textOrNull(source),
    id: textOrNull(id),
    payload: JSON.stringify({ ...batch, events: [item] }),
    payload_encoding: 'json',
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
