/** Positions of `cluster` in one partition, `from` inclusive, `below` exclusive. */
export interface OriginRange {
  partition: number;
  from: bigint | null;
  below: bigint;
}

/**
 * The condition that a row of `usage_raw` lies in one of the ranges. Without `from`, all that other clusters brought lies in it
 * as well, save what `except` brought: clusters that came later and whose positions are counted by themselves.
 */
export function originSql(
  { cluster, except = [] }: { cluster: string; except?: readonly string[] },
  ranges: readonly OriginRange[],
  parameters: Record<string, unknown>,
): string {
  parameters['cluster'] = cluster;
  const isCluster = 'origin_cluster = {cluster:String}';
  const conditions = ranges.map(({ partition, from, below }, at) => {
    parameters[`partition_${at}`] = partition;
    parameters[`below_${at}`] = String(below);
    const isHere = `origin_partition = {partition_${at}:UInt16}`;
    const isBelow = `origin_offset < {below_${at}:UInt64}`;
    if (from === null) {
      parameters['clusters'] = [cluster, ...except];
      const isEarlier = 'origin_cluster NOT IN {clusters:Array(String)}';
      return `${isHere} AND (${isEarlier} OR (${isCluster} AND ${isBelow}))`;
    }
    parameters[`from_${at}`] = String(from);
    return `${isHere} AND ${isCluster} AND origin_offset >= {from_${at}:UInt64} AND ${isBelow}`;
  });
  return `(${conditions.join(' OR ')})`;
}
