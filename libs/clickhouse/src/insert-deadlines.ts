import type { ClickHouseClient } from './client.js';

/**
 * How long an insert may take to begin. With the time that it may run (`max_execution_time`, 25 s) that is 40 s, in which
 * a window of 20,000 blocks cannot turn over: that would take 500 parts a second in one table.
 */
const BEGIN_MS_MAX = 15_000;
const CLOCK_MS_MAX = 10_000;

/** Settings under which the usage tables refuse an insert that begins after this moment of the server's clock. */
export function refusedAfter(untilMs: number): { log_comment: string } {
  return { log_comment: `until ${untilMs}` };
}

/**
 * Until when inserts may begin. An insert is harmless as long as its token is remembered, so its deadline is taken before
 * the look that justifies it: at the plan's row, or at what is stored. Whoever is frozen between the two comes too late.
 */
export class InsertDeadlines {
  /** By how much the server's clock is ahead of this process' steady one, and when that was asked. */
  private clock: { aheadMs: number; askedMs: number } | null = null;

  constructor(private readonly client: ClickHouseClient) {}

  /** A moment of the server's clock, in milliseconds since the epoch. */
  async next(): Promise<number> {
    const { aheadMs } = await this.serverClock();
    return Math.floor(performance.now() + aheadMs) + BEGIN_MS_MAX;
  }

  private async serverClock(): Promise<{ aheadMs: number }> {
    const askedMs = performance.now();
    if (this.clock !== null && askedMs - this.clock.askedMs < CLOCK_MS_MAX) return this.clock;
    const answer = await this.client.query({
      query: 'SELECT toString(toUnixTimestamp64Milli(now64(3)))',
      format: 'JSONCompactEachRow',
    });
    const [row] = await answer.json<[string]>();
    // Held against the moment of the answer: however late that is noticed, deadlines come out earlier and never later.
    this.clock = { aheadMs: Number(row?.[0]) - performance.now(), askedMs };
    return this.clock;
  }
}
