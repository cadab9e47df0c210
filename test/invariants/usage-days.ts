import { type ExpectedEvent, sliceKey, sumUp } from '#testing';
import type { ApiClient, Page } from '../e2e/api-client.js';

const DAY_MS = 86_400_000;
const COLUMNS = [
  'events',
  'requests',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'output_reasoning_tokens',
  'cost',
  'unpriced_events',
] as const;

type Slice = { window_start: string; customer: string | null; model: string } & Record<
  (typeof COLUMNS)[number],
  string | number
>;

/** Sums by local day, customer and model as they must be, in text. */
export function expectedDays(
  events: readonly ExpectedEvent[],
  aheadOfUtcMs: number,
): Map<string, string[]> {
  const startOf = (time: string) => {
    const localMs = Date.parse(time) + aheadOfUtcMs;
    return new Date(localMs - (localMs % DAY_MS) - aheadOfUtcMs).toISOString();
  };
  const slices = sumUp(events, startOf, ({ customer }) => customer);
  return new Map([...slices].map(([key, sums]) => [key, COLUMNS.map((column) => sums[column])]));
}

/** The same from `GET /v1/usage`, page after page. */
export async function readDays(
  client: ApiClient,
  timeZone: string,
): Promise<Map<string, string[]>> {
  const days = new Map<string, string[]>();
  const question = { window: 'day', group_by: 'customer,model', limit: '5000' };
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { ...question, time_zone: timeZone };
    if (cursor !== null) query['cursor'] = cursor;
    const path = `/v1/usage?${new URLSearchParams(query).toString()}`;
    const { status, text, body } = await client.get<Page<Slice>>(path);
    if (status !== 200) throw new Error(`GET ${path} answers ${status} ${text}`);
    for (const row of body.data) {
      const { customer, model } = row;
      const key = sliceKey({ window: new Date(row.window_start).toISOString(), customer, model });
      if (days.has(key)) throw new Error(`${key} is on two pages`);
      days.set(
        key,
        COLUMNS.map((column) => String(row[column])),
      );
    }
    cursor = body.next_cursor;
  } while (cursor !== null);
  return days;
}
