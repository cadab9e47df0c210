import { TOPICS } from '#contracts';
import type { ClusterView } from '#kafka';
import type { Clock } from '#platform';
import type { StoredPosition } from '#postgres';

/**
 * Up to when every acknowledged event is stored: a pipe that lags must not make every customer's day look low. A partition
 * that is stored to its end is complete to the moment of asking, another one to the append of its last stored record.
 */
export class UsageCompleteness {
  constructor(
    private readonly view: Pick<ClusterView, 'clusterId' | 'topicEnds'>,
    private readonly storedPositions: () => Promise<StoredPosition[]>,
    private readonly clock: Clock,
  ) {}

  /** In milliseconds since the epoch; null when a partition that holds records was never stored, or Kafka is away. */
  async completeTo(): Promise<number | null> {
    const askedAtMs = this.clock.now();
    const log = await Promise.all([
      this.view.clusterId(),
      this.view.topicEnds(TOPICS.usageRecorded.name),
    ]).catch(() => null);
    if (log === null) return null;
    const [cluster, ends] = log;
    const stored = new Map(
      (await this.storedPositions())
        .filter((position) => position.cluster === cluster)
        .map((position) => [position.partition, position]),
    );
    const moments = ends.map(({ partition, high }) => {
      const position = stored.get(partition);
      if ((position?.originStoredTo ?? -1n) + 1n >= BigInt(high)) return askedAtMs;
      return position?.originAppendedAt?.getTime() ?? null;
    });
    return moments.includes(null) ? null : Math.min(...moments.map((moment) => moment ?? 0));
  }
}
