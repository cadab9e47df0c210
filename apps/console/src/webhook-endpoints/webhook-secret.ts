import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A fresh signing secret as Standard Webhooks writes it. */
export function mintWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}
