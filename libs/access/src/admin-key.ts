import { hash, timingSafeEqual } from 'node:crypto';

/** Compares without telling by its time how much was right; hashing first hides the length too. */
export function isAdminKey(presented: string, adminKey: string): boolean {
  return timingSafeEqual(hash('sha256', presented, 'buffer'), hash('sha256', adminKey, 'buffer'));
}
