import type { Amounts } from './quotas.js';
import type { RateLimiter, SharedStanding, Unshared } from './rate-limiter.js';

const EVERY_MS = 200;
/** One call each; what is left waits for the next round. */
const PROJECTS_MAX = 200;

/** One project's use on its way to what all processes share, in the order of `tallies`. */
export interface SharedUse {
  window: number;
  project: string;
  tallies: { keyId: string | null; amounts: Amounts }[];
}

/** Adds to what all processes share and answers what that is now. */
export type Share = (use: SharedUse) => Promise<SharedStanding>;

/**
 * Tells other processes five times a second what was used here, and learns what they used. While that fails, the quotas are
 * held by each process for itself: calls are never refused, nor kept waiting, for want of an answer.
 */
export class LimitSharing {
  private timer: NodeJS.Timeout | undefined;
  private isAway = false;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly share: Share,
    private readonly onChange: (isAway: boolean, error?: unknown) => void,
  ) {}

  start(): void {
    this.timer = setTimeout(() => void this.round(), EVERY_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async round(): Promise<void> {
    const uses = this.limiter.unshared(PROJECTS_MAX);
    const outcomes = await Promise.allSettled(uses.map((use) => this.exchange(use)));
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (uses.length > 0 && this.isAway !== (failed !== undefined)) {
      this.isAway = failed !== undefined;
      this.onChange(this.isAway, failed?.status === 'rejected' ? failed.reason : undefined);
    }
    if (this.timer) this.start();
  }

  private async exchange(unshared: Unshared): Promise<void> {
    this.limiter.learn(unshared, await this.share(unshared));
  }
}
