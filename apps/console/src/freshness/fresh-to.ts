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
 * The moment up to which every acknowledged event is counted, in milliseconds since the epoch; null while unknown.
 * A partition that is stored to its end is fresh to the moment the end was asked for. Another one is fresh to the append
 * of its last stored record: the broker stamps records in their order, so what was acknowledged before lies before it.
 *
 * @param ends null while Kafka does not answer: then only what is stored counts
 */
export function freshTo(ends: LogEnds | null, positions: readonly StoredPosition[]): number | null {
  const cluster = ends?.cluster ?? onlyClusterOf(positions);
  const stored = new Map(
    positions
      .filter((position) => position.cluster === cluster)
      .map((position) => [position.partition, position]),
  );
  let freshToMs = Infinity;
  for (let partition = 0; partition < USAGE_PARTITIONS; partition += 1) {
    const partitionMs = freshPartition(stored.get(partition), ends, ends?.highs.get(partition));
    if (partitionMs === null) return null;
    freshToMs = Math.min(freshToMs, partitionMs);
  }
  return freshToMs;
}

function freshPartition(
  stored: StoredPosition | undefined,
  ends: LogEnds | null,
  high: bigint | undefined,
): number | null {
  if (ends !== null && high !== undefined && (stored?.originStoredTo ?? -1n) + 1n >= high)
    return ends.askedAtMs;
  return stored?.originAppendedAt?.getTime() ?? null;
}

/** Positions of a log that was replaced say nothing about today's; without Kafka nobody can tell which is which. */
function onlyClusterOf(positions: readonly StoredPosition[]): string | undefined {
  const clusters = new Set(positions.map(({ cluster }) => cluster));
  return clusters.size === 1 ? positions[0]?.cluster : undefined;
}
