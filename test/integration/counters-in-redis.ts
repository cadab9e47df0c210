import { canonicalJson, type CounterKey, USAGE_PARTITIONS } from '#contracts';
import { connectRedis, type Redis } from '#redis';
import { CounterWrites } from '#redis/writes';
import { testEngines } from '#testing';
import type { CompiledWatch } from '#watches';

/** What one event adds to a counter of a watch. */
export interface CountedUsage {
  key?: CounterKey;
  /** Pico-dollars of cost, else whole counts. */
  amount: bigint;
  atMs: number;
  events?: number;
  bins?: ReadonlyMap<number, number>;
}

/** The counters as an aggregator leaves them. */
export class CountersInRedis {
  private sequence = 0;

  private constructor(readonly redis: Redis) {}

  static async open(): Promise<CountersInRedis> {
    const redis = connectRedis(testEngines().redisUrl);
    await new Promise((ready) => redis.once('ready', ready));
    return new CountersInRedis(redis);
  }

  close(): void {
    this.redis.disconnect();
  }

  /** Adds usage in the first partition; so many of all partitions have brought theirs. */
  async count(
    { definition, windows, watch }: CompiledWatch,
    usages: readonly CountedUsage[],
    partitions = USAGE_PARTITIONS,
  ): Promise<void> {
    const { project } = watch;
    const counters = new CounterWrites(this.redis);
    for (let partition = 0; partition < partitions; partition += 1) {
      this.sequence += 1;
      const owner = { cluster: 'c1', epoch: 1n, position: 0n, sequence: this.sequence };
      const adopted = await counters.adopt({ project, partition, ...owner });
      const groups = usages.map(({ key = {}, amount, atMs, events = null, bins = null }) => ({
        definition,
        windowStartMs: windows.of(atMs).startMs,
        keepMs: null,
        keysMax: 10_000,
        thresholds: [],
        limit: 0n,
        revision: '',
        watch: '{}',
        steps: [{ key: canonicalJson(key), amount, eventTime: '', events, bins }],
        recheck: null,
      }));
      await counters.count({
        project,
        partition,
        expected: adopted!.mark,
        next: `c1|1|1|${this.sequence}`,
        at: '',
        seeds: [{ definition, revision: 'r' }],
        seeding: [],
        groups: partition === 0 ? groups : [],
        sliding: [],
        level: 'caught_up',
      });
    }
  }
}
