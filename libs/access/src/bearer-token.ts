import { hash, timingSafeEqual } from 'node:crypto';

const BEARER = /^bearer +(\S+) *$/i;

/** The token of `Authorization: Bearer <token>`, or null. */
export function bearerToken(authorization: string | undefined): string | null {
  return BEARER.exec(authorization ?? '')?.[1] ?? null;
}

/** Compares without telling by its time how much was right; hashing first hides the length too. */
export function isAdminKey(presented: string, adminKey: string): boolean {
  return timingSafeEqual(hash('sha256', presented, 'buffer'), hash('sha256', adminKey, 'buffer'));
}
