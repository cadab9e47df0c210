import type { ClickHouseClient } from './client.js';

/**
 * How long an insert may take to begin. With the time that it may run (`max_execution_time`, 25 s) that is 40 s, in which
 * a window of 20,000 blocks cannot turn over: that would take 500 parts a second in one table.
 */
const BEGIN_MS_MAX = 15_000;
/** How long the server's clock is taken for known, and how soon it is asked again meanwhile: nobody waits for that. */
const CLOCK_MS_MAX = 60_000;
const CLOCK_ASKED_MS = 10_000;

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
  private asking: Promise<unknown> | null = null;

  constructor(private readonly client: ClickHouseClient) {}

  /** A moment of the server's clock, in milliseconds since the epoch. */
  async next(): Promise<number> {
    const { aheadMs } = await this.serverClock();
    return Math.floor(performance.now() + aheadMs) + BEGIN_MS_MAX;
  }

  private async serverClock(): Promise<{ aheadMs: number }> {
    const ageMs = this.clock === null ? Infinity : performance.now() - this.clock.askedMs;
    if (this.clock === null || ageMs >= CLOCK_MS_MAX) return this.ask();
    if (ageMs >= CLOCK_ASKED_MS) {
      this.asking ??= this.ask()
        .catch(() => undefined)
        .finally(() => (this.asking = null));
    }
    return this.clock;
  }

  private async ask(): Promise<{ aheadMs: number }> {
    const askedMs = performance.now();
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
