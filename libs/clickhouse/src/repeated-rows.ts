import type { ClickHouseClient } from './client.js';
import type { ComparedSlices } from './compared-slices.js';
import { withinDays } from './within-days.js';

/** Identities that are mended at once. */
const IDENTITIES_AT_ONCE = 1_000;

/** Identities (32 hex digits) that have more than one row in `usage_raw`: the first of them, if there are very many. */
export async function findRepeated(
  client: ClickHouseClient,
  { days, projects, part: { at, of } }: ComparedSlices,
): Promise<string[]> {
  const within = withinDays(days);
  const answer = await client.query({
    query: `
      SELECT lower(hex(identity)) FROM usage_raw
      WHERE ${within.raw} AND project IN {projects:Array(String)}
        AND reinterpretAsUInt64(identity) % {parts:UInt32} = {part:UInt32}
      GROUP BY identity HAVING count() > 1 LIMIT {most:UInt32}`,
    query_params: {
      ...within.parameters,
      projects,
      parts: of,
      part: at,
      most: IDENTITIES_AT_ONCE,
    },
    format: 'JSONCompactEachRow',
    use_multipart_params_auto: true,
  });
  return (await answer.json<[string]>()).map(([identity]) => identity);
}
