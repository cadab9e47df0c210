/** SQL conditions for rows of some UTC days, one for each kind of table, and the parameters that they name. */
export interface DaysCondition {
  raw: string;
  perDay: string;
  perHour: string;
  parameters: Record<string, string>;
}

/**
 * Rows of these days (`YYYY-MM-DD`), each run of neighbours as one range of the table's own column, so that months and the
 * sort key are used and nothing between the runs is read. A moment in milliseconds is held against one of its own kind:
 * against a `DateTime`, ClickHouse 26.7 skips granules of the day's last second.
 */
export function withinDays(days: readonly string[]): DaysCondition {
  const runs = runsOf(days);
  const anyOf = (range: (from: string, to: string) => string) =>
    `(${runs.map((_, n) => `(${range(`{from_${n}:Date}`, `{to_${n}:Date}`)})`).join(' OR ')})`;
  return {
    raw: anyOf(
      (from, to) =>
        `event_time >= toDateTime64(${from}, 3, 'UTC') AND event_time < toDateTime64(${to} + 1, 3, 'UTC')`,
    ),
    perDay: anyOf((from, to) => `day >= ${from} AND day <= ${to}`),
    perHour: anyOf(
      (from, to) => `hour >= toDateTime(${from}, 'UTC') AND hour < toDateTime(${to} + 1, 'UTC')`,
    ),
    parameters: Object.fromEntries(
      runs.flatMap(({ from, to }, n) => [
        [`from_${n}`, from],
        [`to_${n}`, to],
      ]),
    ),
  };
}

function runsOf(days: readonly string[]): { from: string; to: string }[] {
  const runs: { from: string; to: string }[] = [];
  for (const day of [...new Set(days)].toSorted()) {
    const last = runs.at(-1);
    if (last && dayBehind(last.to) === day) last.to = day;
    else runs.push({ from: day, to: day });
  }
  return runs;
}

function dayBehind(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
