import type { SetAsidePosition } from '#clickhouse';

/** Ids are positions: nothing else names every quarantined item, since what cannot be read has no id. */
export function quarantineIdOf({ cluster, partition, offset, index }: SetAsidePosition): string {
  return `${partition}.${offset}.${index}.${cluster}`;
}

const ID = /^(\d{1,5})\.(\d{1,18})\.(\d{1,9})\.([\w-]{1,64})$/;

/** Null for what is no id of a quarantined item. */
export function readQuarantineId(text: string): SetAsidePosition | null {
  const [, partition, offset, index, cluster] = ID.exec(text) ?? [];
  if (offset === undefined || cluster === undefined || Number(partition) > 65_535) return null;
  return { cluster, partition: Number(partition), offset, index: Number(index) };
}
