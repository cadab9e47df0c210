import type { DueDelivery } from '#postgres';

/** The body of a webhook. The same alert gives the same bytes on every attempt. */
export function writeWebhookBody({ id, type, raisedAt, data }: DueDelivery['alert']): string {
  return JSON.stringify({ id, type, timestamp: raisedAt.toISOString(), data });
}
