import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger } from '#platform';
import {
  type StoredPartition,
  type StoredStream,
  STORING_PORTS,
  type StoringPorts,
} from './storing.ports.js';
import { UsageSink } from './usage.sink.js';

/** What decides whether a stream is full. */
type FilledStream = Pick<StoredStream, 'waiting' | 'plan' | 'decidedTo'>;

const STUCK_MS = 15_000;
/** One plan is written out while ClickHouse works on another's rows. */
const STORES_AT_ONCE = 2;

/** The slow cadence: gathers what is decided for about a second and has it stored. */
@Injectable()
export class PlanStoring {
  constructor(
    @Inject(STORING_PORTS) private readonly ports: StoringPorts,
    private readonly sink: UsageSink,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Stores what has waited long enough or is large enough. */
  async storeDue(): Promise<void> {
    const due = this.ports.owned
      .all()
      .filter(({ isStoring, stream }) => !isStoring && this.isDue(stream));
    // One that went to another owner before its turn came would be read back for nothing, and others would wait for that.
    const lane = async () => {
      for (let owned = due.shift(); owned; owned = due.shift())
        if (owned.isHeld()) await this.store(owned);
    };
    await Promise.all(Array.from({ length: STORES_AT_ONCE }, lane));
  }

  /** Stores all that is decided. An outage here costs nothing but the time to decide again: the log has it all. */
  async storeAll(): Promise<void> {
    for (const owned of this.ports.owned.all()) {
      try {
        while (
          !owned.isStoring &&
          owned.stream.waitingSinceMs !== null &&
          owned.stream.isStorable()
        ) {
          if (!(await this.store(owned))) break;
        }
      } catch (error) {
        this.logger.warn(
          { err: error, partition: owned.stream.key.partition },
          'not stored before giving up',
        );
      }
    }
  }

  /**
   * Whether so much waits that no more is to be delivered for now. Never below the end of an unfinished plan: it is stored
   * with all its rows, whatever bound they were planned under.
   */
  isFull({ waiting, plan, decidedTo }: FilledStream): boolean {
    if (plan !== null && decidedTo <= plan.plan.last) return false;
    const { waitingRowsMax, waitingBytesMax } = this.ports.bounds;
    const share = waitingBytesMax / Math.max(1, this.ports.owned.all().length);
    return waiting.rows >= waitingRowsMax || waiting.bytes >= share;
  }

  /** What is decided and not stored, over all owned partitions: rows, and the bytes of their records. */
  get waiting(): { rows: number; bytes: number } {
    const sum = { rows: 0, bytes: 0 };
    for (const { stream } of this.ports.owned.all()) {
      sum.rows += stream.waiting.rows;
      sum.bytes += stream.waiting.bytes;
    }
    return sum;
  }

  /** Null, or why storing cannot be counted on: a readiness check that follows progress. */
  stuckReason(): string | null {
    const waitingMs = this.ports.owned
      .all()
      .map(({ stream }) => this.clock.now() - (stream.waitingSinceMs ?? Infinity));
    const longestMs = Math.max(0, ...waitingMs);
    return longestMs > STUCK_MS
      ? `decided rows have waited ${Math.round(longestMs / 1000)} s to be stored`
      : null;
  }

  private isDue(stream: StoredStream): boolean {
    if (stream.waitingSinceMs === null || !stream.isStorable()) return false;
    const waitedMs = this.clock.now() - stream.waitingSinceMs;
    const { planRowsMax, storeEveryMs } = this.ports.bounds;
    return stream.waiting.rows >= planRowsMax || waitedMs >= storeEveryMs;
  }

  /** False when the partition turned out to be somebody else's. */
  private store(owned: StoredPartition): Promise<boolean> {
    return owned.storing(async () => {
      const storedTo = await this.sink.store(owned.stream);
      if (storedTo === null) {
        await owned.retake();
        return false;
      }
      if (!this.isFull(owned.stream)) owned.resume();
      await owned.commit(storedTo);
      return true;
    });
  }
}
