import { Readable } from 'node:stream';
import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { migrateClickHouse } from '#clickhouse/writes';

const BLOCK_ROWS = 50_000;
const DATABASE = 'bench_alone';

/** Rows a second when stored rows are inserted again, as ready bytes, one block after the other, into the same tables and views elsewhere. */
export async function rateOfInsertsAlone(
  source: ClickHouseClient,
  { url, rows }: { url: string; rows: number },
): Promise<number> {
  await migrateClickHouse({ url, database: DATABASE });
  const target = connectClickHouse({ url, database: DATABASE });
  let seconds = 0;
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const bytes = await rowsAsBytes(source, start);
    const startedAt = performance.now();
    const { stream } = await target.exec({
      query: 'INSERT INTO usage_raw FORMAT RowBinary',
      values: Readable.from([bytes], { objectMode: false }),
      clickhouse_settings: { insert_deduplication_token: `block ${start}` },
    });
    for await (const rest of stream) void rest;
    seconds += (performance.now() - startedAt) / 1_000;
  }
  await target.command({ query: `DROP DATABASE ${DATABASE}` });
  await target.close();
  return rows / seconds;
}

async function rowsAsBytes(source: ClickHouseClient, start: number): Promise<Buffer> {
  const { stream } = await source.exec({
    query: `SELECT * FROM usage_raw ORDER BY origin_partition, origin_offset, origin_index LIMIT {start:UInt64}, ${BLOCK_ROWS} FORMAT RowBinary`,
    query_params: { start },
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
