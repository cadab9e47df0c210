/**
 * Sees that kafkajs goes on fetching without being a member. When joining again fails for want of a broker, it repeats the
 * fetching instead of the joining: the loop turns, nothing is assigned, and no failure is ever reported.
 */
export class MembershipWatch {
  private isRejoining = false;
  private fetchingWithoutHeartbeatSince: number | null = null;
  private lastFetchedAt = 0;

  constructor(private readonly sessionTimeoutMs: number) {}

  rebalancing(): void {
    this.isRejoining = true;
  }

  joined(): void {
    this.isRejoining = false;
    this.fetchingWithoutHeartbeatSince = null;
  }

  heartbeat(): void {
    this.fetchingWithoutHeartbeatSince = null;
  }

  /** The fetch loop goes round; null, or why this cannot be a member any more. */
  fetching(): string | null {
    return this.isRejoining ? 'the group was not joined again after a rebalance' : null;
  }

  /** A fetch was answered; null, or why this cannot be a member any more. */
  fetched(nowMs: number): string | null {
    // Brokers that were away answered neither: the silence begins when they are back.
    if (nowMs - this.lastFetchedAt > this.sessionTimeoutMs / 2) this.heartbeat();
    this.lastFetchedAt = nowMs;
    this.fetchingWithoutHeartbeatSince ??= nowMs;
    const silentMs = nowMs - this.fetchingWithoutHeartbeatSince;
    if (silentMs <= this.sessionTimeoutMs) return null;
    return `fetches are answered but no heartbeat for ${silentMs} ms`;
  }
}
