import { timingSafeEqual } from 'node:crypto';
import { type Logger, withDeadline } from '#platform';
import type { ApiKeys, KeyGrant } from '#postgres';
import { keyIdOf, parseApiKey, secretHashOf } from './api-key.js';
import type { Principal } from './principal.js';

/** `unavailable`: PostgreSQL did not answer, so nothing can be said about a key that is not remembered. */
export type Verification = KnownKey | { state: 'unknown' } | { state: 'unavailable' };

interface KnownKey {
  state: 'known';
  principal: Principal;
}

interface RememberedGrant {
  known: KnownKey;
  secretHash: Buffer;
  changedAt: string;
  readAtMs: number;
}

const POLL_INTERVAL_MS = 500;
const POLL_TIMEOUT_MS = 1_000;
/** Longer than a grant is remembered without news, so that no change can pass between two polls unseen. */
const POLL_WINDOW_SECONDS = 120;
const REMEMBERED_MS_MAX = 60_000;
const REMEMBERED_KEYS_MAX = 10_000;
const LOOKUP_TIMEOUT_MS = 1_500;
const LOOKUPS_IN_FLIGHT_MAX = 64;
const SILENCE = 'PostgreSQL: no answer';

const UNKNOWN: Verification = { state: 'unknown' };
const UNAVAILABLE: Verification = { state: 'unavailable' };

/**
 * Says whose key this is. What PostgreSQL confirmed is remembered; what changed there is asked every 500 ms, so a
 * revoked key stops within 2 s. Unknown keys are never remembered, so a new key works at once. Without PostgreSQL,
 * remembered keys work for 60 s after its last answer and all others are `unavailable`.
 */
export class KeyVerifier {
  private readonly remembered = new Map<string, RememberedGrant>();
  private readonly lookups = new Map<string, Promise<KeyGrant | undefined | 'unavailable'>>();
  private heard = false;
  /** When the last answered poll began, on the process's own monotonic clock. */
  private heardAtMs = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly apiKeys: Pick<ApiKeys, 'findGrant' | 'changedWithin'>,
    private readonly logger: Logger,
    /** Told of every key that was let in: it must be quick. */
    private readonly onUse: (keyId: string) => void = () => undefined,
  ) {}

  start(): void {
    this.timer = setTimeout(() => void this.poll());
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Never throws; answers within 1.5 s. */
  async verify(key: string): Promise<Verification> {
    const remembered = this.remembered.get(keyIdOf(key));
    if (remembered && this.isFresh(remembered)) {
      const isSame = timingSafeEqual(remembered.secretHash, secretHashOf(key));
      return isSame ? this.letIn(remembered.known) : UNKNOWN;
    }
    const parsed = parseApiKey(key);
    if (!parsed) return UNKNOWN;
    const grant = await this.lookUp(parsed.id);
    if (grant === 'unavailable') return UNAVAILABLE;
    if (!grant || !timingSafeEqual(grant.secretHash, parsed.secretHash)) return UNKNOWN;
    return this.letIn(this.remember(grant));
  }

  private letIn(known: KnownKey): Verification {
    const { expiresAt, keyId } = known.principal;
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return UNKNOWN;
    this.onUse(keyId);
    return known;
  }

  /** A readiness check: null, or why new keys cannot be told from wrong ones. */
  unreadyReason(): string | null {
    return this.heard ? null : 'PostgreSQL does not answer';
  }

  private isFresh({ readAtMs }: RememberedGrant): boolean {
    return performance.now() - Math.max(readAtMs, this.heardAtMs) < REMEMBERED_MS_MAX;
  }

  /** Requests that come with the same key while it is looked up share the answer. */
  private lookUp(id: string): Promise<KeyGrant | undefined | 'unavailable'> {
    const underWay = this.lookups.get(id);
    if (underWay) return underWay;
    if (this.lookups.size >= LOOKUPS_IN_FLIGHT_MAX) return Promise.resolve('unavailable');
    const lookup = withDeadline(() => this.apiKeys.findGrant(id), LOOKUP_TIMEOUT_MS, SILENCE)
      .catch(() => 'unavailable' as const)
      .finally(() => this.lookups.delete(id));
    this.lookups.set(id, lookup);
    return lookup;
  }

  private remember(grant: KeyGrant): KnownKey {
    const {
      id,
      project,
      scopes,
      expiresAt,
      application,
      limits,
      soleSender = false,
      secretHash,
      changedAt,
    } = grant;
    const known: KnownKey = {
      state: 'known',
      principal: {
        project,
        keyId: id,
        scopes,
        expiresAt,
        application,
        limits,
        ...(soleSender ? { soleSender } : {}),
      },
    };
    this.remembered.delete(id);
    this.remembered.set(id, { known, secretHash, changedAt, readAtMs: performance.now() });
    const [oldest] = this.remembered.keys();
    if (oldest !== undefined && this.remembered.size > REMEMBERED_KEYS_MAX)
      this.remembered.delete(oldest);
    return known;
  }

  private async poll(): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const changes = await withDeadline(
        () => this.apiKeys.changedWithin(POLL_WINDOW_SECONDS),
        POLL_TIMEOUT_MS,
        SILENCE,
      );
      // After a longer silence the window may not reach back to the last answer.
      if (startedAtMs - this.heardAtMs > REMEMBERED_MS_MAX) this.remembered.clear();
      for (const { id, changedAt } of changes) {
        if (this.remembered.get(id)?.changedAt !== changedAt) this.remembered.delete(id);
      }
      if (!this.heard) this.logger.info('PostgreSQL answers about keys');
      this.heard = true;
      this.heardAtMs = startedAtMs;
    } catch (error) {
      if (this.heard) this.logger.warn({ err: error }, 'PostgreSQL does not answer about keys');
      this.heard = false;
    }
    if (this.timer) this.timer = setTimeout(() => void this.poll(), POLL_INTERVAL_MS);
  }
}
