import type { ClickHouseClient } from './client.js';

/** Raw rows whose identities one query holds against each other: about 200 MB of the server's memory. */
const ROWS_AT_ONCE = 1_000_000;
const DAY_MS = 86_400_000;

/** `[start, end)` of a project's event times. */
export interface UsagePeriod {
  project: string;
  start: Date;
  end: Date;
}

/** As much of a period as one query reads: some days, or one part by identity of a day that has more. */
export interface BilledPiece extends UsagePeriod {
  part: { at: number; of: number };
}

/**
 * Cuts a period into pieces that leave nothing of it out, days without rows included: what is stored while it is read may be in the sums
 * or not, and what was there is. All rows of one identity lie in one piece, since its event time is part of what it is.
 */
export async function cutPeriod(
  client: ClickHouseClient,
  { project, start, end }: UsagePeriod,
): Promise<BilledPiece[]> {
  const pieces: BilledPiece[] = [];
  let from = start;
  let rows = 0;
  const close = (to: Date) => {
    const of = Math.max(1, Math.ceil(rows / ROWS_AT_ONCE));
    for (let at = 0; at < of; at++)
      pieces.push({ project, start: from, end: to, part: { at, of } });
    [from, rows] = [to, 0];
  };
  for (const [dayMs, rowsOfDay] of await rowsOfDays(client, { project, start, end })) {
    const day = new Date(Math.max(dayMs, start.getTime()));
    if (rows > 0 && rows + rowsOfDay > ROWS_AT_ONCE) close(day);
    rows += rowsOfDay;
  }
  close(end);
  return pieces;
}

/** The days that have rows, in order. */
async function rowsOfDays(
  client: ClickHouseClient,
  { project, start, end }: UsagePeriod,
): Promise<[number, number][]> {
  const answer = await client.query({
    query: `
      SELECT toUInt32(toDate(event_time, 'UTC')) AS day, toString(count())
      FROM usage_raw
      WHERE project = {project:String}
        AND event_time >= fromUnixTimestamp64Milli({start:Int64}, 'UTC')
        AND event_time < fromUnixTimestamp64Milli({end:Int64}, 'UTC')
      GROUP BY day ORDER BY day`,
    query_params: { project, start: start.getTime(), end: end.getTime() },
    format: 'JSONCompactEachRow',
  });
  const days = await answer.json<[number, string]>();
  return days.map(([day, rows]) => [day * DAY_MS, Number(rows)]);
}
