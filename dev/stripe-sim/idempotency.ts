import { createHash } from 'node:crypto';
import { keyInUse, keyReused } from './api-error.js';
import type { Store } from './store.js';
import type { Answer } from './tables.js';

const LIFETIME_SECONDS = 24 * 3600;

/**
 * Stripe's promise about `Idempotency-Key` on a v1 POST: the first answer of a key, a 500 included, is given again for
 * 24 hours; the same key for another request is an error, and so is the same key while its first request is running.
 */
export class Idempotency {
  private readonly running = new Set<string>();

  constructor(private readonly store: Store) {}

  /** The earlier answer to this very request, if the key has one. Throws Stripe's error when the key was used otherwise. */
  find(key: string, fingerprint: string): Answer | undefined {
    const saved = this.store.get('saved_answers', key);
    if (saved === undefined || this.store.now() - saved.created >= LIFETIME_SECONDS)
      return undefined;
    if (saved.fingerprint !== fingerprint) throw keyReused(key);
    return saved.answer;
  }

  /** Called in the transaction of the work itself, so that neither is ever kept without the other. */
  save(key: string, fingerprint: string, answer: Answer): void {
    this.store.put('saved_answers', key, { fingerprint, answer, created: this.store.now() });
  }

  /** Marks the key as running; throws 409 when it already is. */
  begin(key: string): void {
    if (this.running.has(key)) throw keyInUse(key);
    this.running.add(key);
  }

  end(key: string): void {
    this.running.delete(key);
  }
}

export const fingerprintOf = (method: string, path: string, body: string): string =>
  createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
