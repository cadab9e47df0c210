import { createHmac } from 'node:crypto';
import type { SigningSecret } from '#postgres';

const SECRET_PREFIX = 'whsec_';

export interface SignedContent {
  /** The alert's id: the same on every attempt. */
  id: string;
  /** Time of the attempt, milliseconds since the epoch. */
  atMs: number;
  body: string;
}

/** The headers of Standard Webhooks 1.0, signed with every secret that is alive, so that a receiver may know either. */
export function signWebhook(
  { id, atMs, body }: SignedContent,
  secrets: readonly SigningSecret[],
): Record<string, string> {
  const timestamp = Math.floor(atMs / 1_000);
  const signatures = secrets
    .filter(({ expires_at }) => expires_at === null || Date.parse(expires_at) > atMs)
    .map(({ secret }) => {
      const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
