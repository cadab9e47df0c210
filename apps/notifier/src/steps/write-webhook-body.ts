import type { DueDelivery } from '#postgres';

/** The body of a webhook. The same alert gives the same bytes on every attempt. */
export function writeWebhookBody({
  id,
  type,
  sequence,
  raisedAt,
  data,
}: DueDelivery['alert']): string {
  const timestamp = raisedAt.toISOString();
  return JSON.stringify({ id, type, timestamp, sequence: Number(sequence), data });
}
