import type { ClickHouseClient } from './client.js';
import type { ComparedSlices } from './compared-slices.js';
import { withinDays } from './within-days.js';

/**
 * Takes out all rows of these identities but the first, from `usage_raw` and `usage_identities`, and gives how many it
 * took from `usage_raw`. Rollups are left as they are. Rows are named by their place in a part, which never changes: one that
 * was merged away meanwhile is not found, and stays for the next time.
 * The caller holds the storing lock exclusively: two that did this at once could each keep what the other takes out.
 * @throws when a deletion of an earlier try is still at work.
 */
export async function removeRepeated(
  client: ClickHouseClient,
  { days, projects }: ComparedSlices,
  identities: readonly string[],
): Promise<number> {
  const within = withinDays(days);
  const parameters = { ...within.parameters, projects };
  const isOne = `identity IN (${identities.map(literal).join(', ')})`;
  const ofRaw = `${within.raw} AND project IN {projects:Array(String)} AND ${isOne}`;
  const raw = {
    table: 'usage_raw',
    where: ofRaw,
    first: 'received_at, origin_partition, origin_offset, origin_index',
  };
  const removed = await removeFrom(client, raw, parameters);
  const identity = {
    table: 'usage_identities',
    where: `origin_partition IN (SELECT DISTINCT origin_partition FROM usage_raw WHERE ${ofRaw}) AND ${isOne}`,
    first: 'event_time',
  };
  await removeFrom(client, identity, parameters);
  return removed;
}

/** Of the rows of each identity that `where` finds, all go but the one that `first` sorts first. */
async function removeFrom(
  client: ClickHouseClient,
  { table, where, first }: { table: string; where: string; first: string },
  parameters: Record<string, unknown>,
): Promise<number> {
  await nothingIsBeingDeleted(client, table);
  const answer = await client.query({
    query: `
      SELECT _part, toString(_part_offset),
        row_number() OVER (PARTITION BY identity ORDER BY ${first}, _part, _part_offset) AS place
      FROM ${table} WHERE ${where} QUALIFY place > 1`,
    query_params: parameters,
    format: 'JSONCompactEachRow',
    clickhouse_settings: { max_query_size: '4000000' },
    use_multipart_params_auto: true,
  });
  const places = await answer.json<[string, string, unknown]>();
  if (places.length === 0) return 0;
  const placed = places.map(([part, offset]) => `(${quoted(part)}, ${Number(offset)})`);
  await client.command({
    query: `DELETE FROM ${table} WHERE (_part, _part_offset) IN (${placed.join(', ')})`,
    clickhouse_settings: { lightweight_deletes_sync: '2', max_query_size: '4000000' },
  });
  return places.length;
}

async function nothingIsBeingDeleted(client: ClickHouseClient, table: string): Promise<void> {
  const answer = await client.query({
    query:
      'SELECT count() FROM system.mutations WHERE database = currentDatabase() AND table = {table:String} AND NOT is_done',
    query_params: { table },
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string]>();
  if (Number(row?.[0]) > 0) throw new Error(`${table}: an earlier deletion is still at work`);
}

function literal(identity: string): string {
  if (!/^[0-9a-f]{32}$/.test(identity)) throw new Error(`not an identity: ${identity}`);
  return `unhex('${identity}')`;
}

function quoted(part: string): string {
  if (!/^\w+$/.test(part)) throw new Error(`not the name of a part: ${part}`);
  return `'${part}'`;
}
