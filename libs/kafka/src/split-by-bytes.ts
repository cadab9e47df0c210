import type { Topic } from '#contracts';
import { bytesOf, type EnvelopeRecord } from './pending-sends.js';

export interface SplitRecords<R> {
  /** One send each, in order. */
  sends: R[][];
  /** No send can hold them. */
  tooLarge: R[];
}

/** Records as sends that the brokers take: of no partition does a send hold more than a batch of the topic may. */
export function splitByBytes<R extends EnvelopeRecord>(
  { messageBytesMax }: Topic,
  records: readonly R[],
): SplitRecords<R> {
  const sends: R[][] = [];
  const tooLarge: R[] = [];
  let bytes = new Map<number, number>();
  for (const record of records) {
    const size = bytesOf(record);
    if (size > messageBytesMax) {
      tooLarge.push(record);
      continue;
    }
    const together = (bytes.get(record.partition) ?? 0) + size;
    const fits = together <= messageBytesMax && sends.length > 0;
    if (!fits) {
      sends.push([]);
      bytes = new Map();
    }
    bytes.set(record.partition, fits ? together : size);
    sends.at(-1)!.push(record);
  }
  return { sends, tooLarge };
}
