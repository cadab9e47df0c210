import { type Cost, type Origin, type PricedEnvelope, type PricedItem } from '#contracts';
import { type RatingRequest } from '#rating';
import { priceItem } from './price-item.js';
import { readEnvelope, type RecordedBytes } from './read-envelope.js';

/**
 * One record of `usage.recorded` as one record of `usage.priced`: an item for each event, in order, over all batches.
 * Pure and total: the same bytes at the same origin give the same bytes, and no bytes make it throw.
 */
export function priceRecord(
  record: RecordedBytes,
  origin: Origin,
  rateUsage: (request: RatingRequest) => Cost,
): PricedEnvelope {
  const envelope = readEnvelope(record);
  if ('outcome' in envelope) return { v: 1, origin, items: [envelope] };
  const items: PricedItem[] = [];
  for (const batch of envelope.batches) {
    for (const event of batch.events)
      items.push(priceItem(event, batch, origin.partition, rateUsage));
  }
  return { v: 1, origin, items };
}
