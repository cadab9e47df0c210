import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';

export interface AdmissionLimits {
  /** Statements that run side by side while they are quick. */
  quick: number;
  /** Further statements that may go on running once they have shown to be slow. */
  slow: number;
  /** Statements that may wait; the next one is turned away. */
  waiting: number;
  /** After this many milliseconds a statement counts as slow. */
  slowAfterMs: number;
}

/** Statements of one lane wait for each other, and lanes take turns. */
export type Lane = 'read' | 'write';

interface Waiting {
  start: () => void;
}

/**
 * The queue in front of the engine.
 *
 * A statement that has run for a while moves out of the quick places into the slow ones, so slow statements cannot hold up
 * quick ones until both kinds of places are full; reads and writes take turns, so neither can crowd out the other.
 */
export class AdmissionQueue {
  private readonly waiting: Record<Lane, Waiting[]> = { read: [], write: [] };
  private lastLane: Lane = 'write';
  private quick = 0;
  private slow = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /** Statements running and waiting. */
  get size(): number {
    return this.quick + this.slow + this.waitingCount;
  }

  private get waitingCount(): number {
    return this.waiting.read.length + this.waiting.write.length;
  }

  /**
   * Runs the statement when its turn comes.
   *
   * @param gone aborted when nobody waits for the answer any more; a statement that has not begun is then dropped
   * @throws ClickHouseException 202 when too many wait already; the signal's reason when it was dropped
   */
  async run<T>(lane: Lane, gone: AbortSignal, statement: () => Promise<T>): Promise<T> {
    await this.turn(lane, gone);
    const place = { slow: false };
    const slowdown = setInterval(() => {
      if (place.slow || this.slow >= this.limits.slow) return;
      place.slow = true;
      this.quick -= 1;
      this.slow += 1;
      this.admit();
    }, this.limits.slowAfterMs).unref();
    try {
      return await statement();
    } finally {
      clearInterval(slowdown);
      if (place.slow) this.slow -= 1;
      else this.quick -= 1;
      this.admit();
    }
  }

  private turn(lane: Lane, gone: AbortSignal): Promise<void> {
    if (this.quick < this.limits.quick && this.waitingCount === 0) {
      this.quick += 1;
      this.lastLane = lane;
      return Promise.resolve();
    }
    if (this.waitingCount >= this.limits.waiting)
      throw ClickHouseException.of(
        ErrorCode.TOO_MANY_SIMULTANEOUS_QUERIES,
        `Too many simultaneous queries: ${this.quick + this.slow} running, ${this.waitingCount} waiting.`,
      );
    return new Promise((resolve, reject) => {
      const entry = { start: resolve };
      this.waiting[lane].push(entry);
      gone.addEventListener('abort', () => {
        const index = this.waiting[lane].indexOf(entry);
        if (index < 0) return;
        this.waiting[lane].splice(index, 1);
        reject(gone.reason as Error);
      });
    });
  }

  private admit(): void {
    while (this.quick < this.limits.quick) {
      const turn: Lane = this.lastLane === 'read' ? 'write' : 'read';
      const lane = this.waiting[turn].length > 0 ? turn : this.lastLane;
      const next = this.waiting[lane].shift();
      if (next === undefined) return;
      this.lastLane = lane;
      this.quick += 1;
      next.start();
    }
  }
}
