import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts an answer under the key that its caller presented: whoever reads the table alone learns no secret from it. */
export function sealAnswer(body: string, apiKey: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, sealingKey(apiKey, iv), iv);
  const text = Buffer.concat([cipher.update(body, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

/** @throws when it was sealed under another key or changed since. */
export function openAnswer(sealed: Buffer, apiKey: string): string {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, sealingKey(apiKey, iv), iv);
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const text = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

function sealingKey(apiKey: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', apiKey, salt, 'reckoner idempotent answer', 32));
}
