import { USAGE_PARTITIONS } from '#contracts';
import type { StoredPosition } from '#postgres';

/** Where `usage.recorded` ended, and a moment before that was asked. */
export interface LogEnds {
  cluster: string;
  askedAtMs: number;
  /** One past the last offset, by partition. */
  highs: ReadonlyMap<number, bigint>;
}

/**
 * The moment up to which every acknowledged event of a partition is counted, by partition, in milliseconds since the
 * epoch; null while unknown. A partition that is stored to its end is fresh to the moment the end was asked for. Another
 * one is fresh to the append of its last stored record: the broker stamps records in their order, so what was
 * acknowledged before lies before it.
 *
 * @param ends null while Kafka does not answer: then only what is stored counts
 */
export function freshPartitions(
  ends: LogEnds | null,
  positions: readonly StoredPosition[],
): (number | null)[] {
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
function onlyClusterOf(positions: readonly StoredPosition[]): string | undefined {
  const clusters = new Set(positions.map(({ cluster }) => cluster));
  return clusters.size === 1 ? positions[0]?.cluster : undefined;
}

/** What was fresh once stays so: remembering it bridges the first record of a partition and the silence of Kafka. */
export class Freshness {
  private cluster: string | undefined;
  private known: (number | null)[] = [];

  /** The moment up to which every acknowledged event is counted, in milliseconds since the epoch; null while unknown. */
  advance(ends: LogEnds | null, positions: readonly StoredPosition[]): number | null {
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
