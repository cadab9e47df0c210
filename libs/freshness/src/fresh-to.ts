import { TOPICS, USAGE_PARTITIONS } from '#contracts';

/** How far a partition of `usage.recorded` is stored. */
export interface Stored {
  cluster: string;
  partition: number;
  /** The highest stored offset; -1 when none. */
  originStoredTo: bigint;
  /** When the brokers appended the record at that offset. */
  originAppendedAt: Date | null;
}

/** Where `usage.recorded` ended, and a moment before that was asked. */
export interface LogEnds {
  cluster: string;
  askedAtMs: number;
  /** One past the last offset, by partition. */
  highs: ReadonlyMap<number, bigint>;
}

/** What can be asked of the log. */
export interface LogView {
  clusterId(): Promise<string>;
  topicEnds(topic: string): Promise<readonly { partition: number; high: string }[]>;
}

/** @param askedAtMs now, as the asking process has it. Throws when the brokers do not answer. */
export async function readLogEnds(view: LogView, askedAtMs: number): Promise<LogEnds> {
  const [cluster, ends] = await Promise.all([
    view.clusterId(),
    view.topicEnds(TOPICS.usageRecorded.name),
  ]);
  const highs = new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]));
  return { cluster, askedAtMs, highs };
}

/**
 * The moment up to which every acknowledged event of a partition is counted, by partition, in milliseconds since the
 * epoch; null while unknown. A partition that is stored to its end is fresh to the moment the end was asked for. Another
 * one is fresh to the append of its last stored record: the broker stamps records in their order, so what was
 * acknowledged before lies before it. While Kafka does not answer, how far a partition goes on is not known, and only what is
 * stored counts.
 */
function freshPartitions(ends: LogEnds | null, positions: readonly Stored[]): (number | null)[] {
  const cluster = ends?.cluster ?? onlyClusterOf(positions);
  const stored = new Map(
    positions
      .filter((position) => position.cluster === cluster)
      .map((position) => [position.partition, position]),
  );
  return Array.from({ length: USAGE_PARTITIONS }, (_, partition) => {
    const position = stored.get(partition);
    const high = ends?.highs.get(partition);
    if (ends !== null && high !== undefined && (position?.originStoredTo ?? -1n) + 1n >= high)
      return ends.askedAtMs;
    return position?.originAppendedAt?.getTime() ?? null;
  });
}

/** Positions of a log that was replaced say nothing about today's; without Kafka nobody can tell which is which. */
function onlyClusterOf(positions: readonly Stored[]): string | undefined {
  const clusters = new Set(positions.map(({ cluster }) => cluster));
  return clusters.size === 1 ? positions[0]?.cluster : undefined;
}

/** What was fresh once stays so: remembering it bridges the first record of a partition and the silence of Kafka. */
export class Freshness {
  private cluster: string | undefined;
  private known: (number | null)[] = [];

  /**
   * The moment up to which every acknowledged event is counted, in milliseconds since the epoch; null while it is unknown of
   * one partition. The ends are to be asked for before the positions are read.
   *
   * @param ends null while Kafka does not answer
   */
  advance(ends: LogEnds | null, positions: readonly Stored[]): number | null {
    if (ends !== null && ends.cluster !== this.cluster) {
      this.cluster = ends.cluster;
      this.known = [];
    }
    const known = freshPartitions(ends, positions).map((fresh, partition) => {
      const before = this.known[partition] ?? null;
      return fresh === null || before === null ? (fresh ?? before) : Math.max(fresh, before);
    });
    this.known = known;
    const moments = known.filter((moment) => moment !== null);
    return moments.length === USAGE_PARTITIONS ? Math.min(...moments) : null;
  }
}
