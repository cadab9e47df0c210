import type { RecordedBatch, UsageEvent } from '#contracts';
import { recordOf, type RecordedRecord } from '#recording';

/** A quarantined item's id and content. */
export interface QuarantinedPayload {
  id: string;
  payload: string;
  payload_encoding: string;
}

/** The record that puts an item on its way again, or why there is none. */
export type Replay = { record: RecordedRecord } | { refusal: string };

/**
 * Makes the record of a quarantined item's replay. It has the item's own identity, so it goes to the same partition and
 * its one writer; and the content and receipt of the first time, so a second replay is a plain repeat.
 */
export function replayOf(
  { id: itemId, payload, payload_encoding }: QuarantinedPayload,
  project: string,
): Replay {
  const batch = payload_encoding === 'json' ? readBatch(payload) : null;
  if (batch === null)
    return {
      refusal:
        'it is a whole record that cannot be read as events: its sender has to send them again',
    };
  if (batch.project !== project) return { refusal: 'it names another project' };
  const [event] = batch.events as [Partial<UsageEvent> | null];
  if (typeof event?.id !== 'string' || event.id === '')
    return {
      refusal:
        'the event has no id, so nothing can keep it from counting twice: send it again with one',
    };
  if (typeof (event.source ?? '') !== 'string')
    return { refusal: 'the source of the event is not a string' };
  return { record: recordOf(batch, `replay-${itemId}`) };
}

/** The item in its batch, as pricing keeps it. */
function readBatch(payload: string): (RecordedBatch & { events: [UsageEvent] }) | null {
  const batch = parseJson(payload) as Partial<RecordedBatch> | null | undefined;
  const isBatch =
    typeof batch?.project === 'string' &&
    typeof batch.received_at === 'string' &&
    Array.isArray(batch.events) &&
    batch.events.length === 1;
  return isBatch ? (batch as RecordedBatch & { events: [UsageEvent] }) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
