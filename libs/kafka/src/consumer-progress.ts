import { type ClusterView } from './cluster-view.js';
import { lagRecords, lastProgressSeconds } from './kafka-metrics.js';
import { type PartitionClaim } from './partition-claim.js';
import { type TopicPartition } from './record-batch.js';

export interface AssignedProgress extends TopicPartition {
  /** The next offset to be delivered, null while it is being found out. */
  position: string | null;
  highWatermark: string | null;
  /** Records between the position and the end of the log, null while unknown. */
  lag: number | null;
}

/** Longer than any restart of a broker or a store that this platform promises to ride out. */
const STALLED_MS = 15_000;

/** Follows how far this process is behind the log, seen from the brokers and not only from what was fetched. */
export class ConsumerProgress {
  private claims: readonly PartitionClaim[] = [];
  private hasJoined = false;
  private lastKnownAt = 0;

  constructor(
    private readonly groupId: string,
    private readonly view: ClusterView,
  ) {}

  /** A new assignment; a partition that stays keeps the time of its last progress. */
  follow(claims: readonly PartitionClaim[]): void {
    for (const { partition, lastProgressAt } of this.claims) {
      lagRecords.remove(this.labelsOf(partition));
      const next = claims.find((claim) => isSame(claim.partition, partition));
      if (next) next.lastProgressAt = lastProgressAt;
    }
    this.claims = claims;
    this.hasJoined = true;
    this.lastKnownAt = Date.now();
  }

  /** When the slowest partition last moved or had nothing left to read, milliseconds since the epoch; 0 before the first assignment. */
  get lastProgressAt(): number {
    const open = this.claims.filter(({ isOpen }) => isOpen);
    if (open.length === 0) return this.lastKnownAt;
    return Math.min(...open.map(({ lastProgressAt }) => lastProgressAt));
  }

  get assigned(): AssignedProgress[] {
    return this.claims.map(({ partition, position, highWatermark, lag }) => ({
      ...partition,
      position: position?.toString() ?? null,
      highWatermark: highWatermark?.toString() ?? null,
      lag,
    }));
  }

  unreadyReason(): string | null {
    if (!this.hasJoined) return `the group ${this.groupId} is not joined yet`;
    const stalledMs = Date.now() - this.lastProgressAt;
    if (stalledMs < STALLED_MS) return null;
    const stalled = this.claims
      .filter(({ lastProgressAt }) => Date.now() - lastProgressAt >= STALLED_MS)
      .map(({ partition, lag }) => `${partition.topic}/${partition.partition} (lag ${lag ?? '?'})`);
    return `no progress for ${Math.round(stalledMs / 1_000)} s: ${stalled.join(', ') || 'no partition'}`;
  }

  /** Asks the brokers where the log ends. Brokers that do not answer are no progress. */
  async refresh(isLooping: boolean): Promise<void> {
    const claims = this.claims.filter(({ isOpen }) => isOpen);
    const topics = new Set(claims.map(({ partition }) => partition.topic));
    for (const topic of topics) {
      const ends = await this.view.topicEnds(topic).catch(() => []);
      const highs = new Map(ends.map(({ partition, high }) => [partition, high]));
      for (const claim of claims.filter(({ partition }) => partition.topic === topic)) {
        const high = highs.get(claim.partition.partition);
        if (high !== undefined) claim.sawHighWatermark(BigInt(high));
        lagRecords.set(this.labelsOf(claim.partition), claim.lag ?? Number.NaN);
      }
    }
    // A member without a partition is ready to take one over for as long as it takes part in the group.
    if (claims.length === 0 && this.hasJoined && isLooping) this.lastKnownAt = Date.now();
    lastProgressSeconds.set({ group: this.groupId }, this.lastProgressAt / 1_000);
  }

  private labelsOf({ topic, partition }: TopicPartition) {
    return { group: this.groupId, topic, partition: String(partition) };
  }
}

function isSame(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}
