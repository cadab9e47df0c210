import { createHmac } from 'node:crypto';
import type { SigningSecret } from '#postgres';

const SECRET_PREFIX = 'whsec_';

export interface SignedContent {
  /** The alert's id: the same on every attempt. */
  id: string;
  /** Of the attempt, in whole seconds since the epoch. */
  timestamp: number;
  body: string;
}

/** The headers of Standard Webhooks 1.0, signed with every secret that is alive, so that a receiver may know either. */
export function signWebhook(
  { id, timestamp, body }: SignedContent,
  secrets: readonly SigningSecret[],
): Record<string, string> {
  const signatures = secrets
    .filter(({ expires_at }) => expires_at === null || Date.parse(expires_at) > timestamp * 1_000)
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
