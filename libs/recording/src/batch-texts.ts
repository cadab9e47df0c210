import type { ApplicationStamp, RecordedBatch } from '#contracts';
import type { PartitionEvents } from './partition-gatherer.js';

/** Whose key the events came with. */
export interface Sender {
  project: string;
  keyId: string;
  application: ApplicationStamp | null;
}

/** What is stamped once on all events of one request. */
export interface Receipt {
  sender: Sender;
  requestId: string;
  receivedAtMs: number;
}

/** The part of a request that goes to one partition: a `RecordedBatch` as JSON. */
export interface BatchText {
  partition: number;
  events: number;
  json: string;
}

/** The gathered events of a request as batches under its receipt. */
export function batchTexts(
  { sender, requestId, receivedAtMs }: Receipt,
  pieces: readonly PartitionEvents[],
): BatchText[] {
  const receivedAt = new Date(receivedAtMs).toISOString();
  const opening = `${openingOf(sender)}"request_id":"${requestId}","received_at":"${receivedAt}","events":[`;
  return pieces.map(({ partition, events, json }) => ({
    partition,
    events,
    json: `${opening}${json}]}`,
  }));
}

type SenderPart = Pick<RecordedBatch, 'project' | 'key' | 'application'>;

const openings = new WeakMap<Sender, string>();

/** What every `RecordedBatch` of a key begins with, made once for as long as the key is remembered. */
function openingOf(sender: Sender): string {
  const known = openings.get(sender);
  if (known !== undefined) return known;
  const { project, keyId, application } = sender;
  const part: SenderPart = { project, key: keyId, ...(application ? { application } : {}) };
  const opening = `${JSON.stringify(part).slice(0, -1)},`;
  openings.set(sender, opening);
  return opening;
}
