import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { RedisScript } from './redis-script.js';
import { limbsOf } from './two-limbs.js';

export interface Threshold {
  name: string;
  amount: bigint;
}

/** What one call does to the counters of one window of one budget. */
export interface CounterGroup {
  /** `<budget>:<definition>`, see `counterKeys`. */
  definition: string;
  windowStartMs: number;
  /** When Redis may forget the window, in milliseconds since the epoch; null: never. */
  expireAtMs: number | null;
  /** More counters than this a window are refused and reported. */
  keysMax: number;
  thresholds: Threshold[];
  limit: bigint;
  /** JSON of whatever an alert needs to know of the budget and its window. */
  watch: string;
  /** `key` is canonical JSON of the counter key. */
  steps: { key: string; amount: bigint; eventTime: string }[];
  /** Raise what the counters have reached already; a counter at or above `formerLimit` and below the limit has recovered. */
  recheck: { formerLimit: bigint | null; at: string } | null;
}

export interface CountCall {
  project: string;
  partition: number;
  /** The mark that must stand, and the one that this call leaves. */
  expected: string;
  next: string;
  seeds: { definition: string; revision: string }[];
  groups: CounterGroup[];
}

/** Not applied: another mark stands and nothing was changed. */
export interface CountAnswer {
  applied: boolean;
  pendingAlerts: number;
  refusedKeys: number;
}

/** What stood in Redis when a partition's mark was taken; `next` is the first position of `cluster` that is not counted. */
export interface Adoption {
  mark: string;
  cluster: string;
  next: bigint;
  /** Definition to revision of the budgets that hold this partition's usage up to `next`. */
  seeded: Map<string, string>;
}

/** The counters in Redis. Any throw leaves open whether the call took effect: the mark has to be adopted anew. */
export class UsageCounters {
  private readonly adoptScript = new RedisScript('adopt-partition');
  private readonly countScript = new RedisScript('count-usage');

  constructor(private readonly redis: Redis) {}

  /** Takes the mark of a partition for an owner's epoch; begins at `position` when there is none. Null: a later epoch has it. */
  async adopt(request: {
    project: string;
    partition: number;
    cluster: string;
    epoch: bigint;
    position: bigint;
    sequence: number;
  }): Promise<Adoption | null> {
    const { project, partition, cluster, epoch, position, sequence } = request;
    const [mark, markCluster, next, pairs] = (await this.adoptScript.run(
      this.redis,
      [counterKeys.marks(project), counterKeys.seeded(project, partition)],
      [String(partition), cluster, String(epoch), String(position), String(sequence)],
    )) as [string, string, string, string[]];
    if (mark === 'refused') return null;
    const seeded = new Map<string, string>();
    for (let at = 0; at < pairs.length; at += 2) seeded.set(pairs[at]!, pairs[at + 1]!);
    return { mark, cluster: markCluster, next: BigInt(next), seeded };
  }

  /** Adds, seeds and moves the mark in one step, and puts every threshold crossed on the pending list. */
  async count({ project, partition, ...call }: CountCall): Promise<CountAnswer> {
    const keys = [
      counterKeys.marks(project),
      counterKeys.seeded(project, partition),
      counterKeys.pending(project),
      ...call.groups.map(({ definition, windowStartMs }) =>
        counterKeys.counters(project, definition, windowStartMs),
      ),
    ];
    const payload = {
      field: String(partition),
      expected: call.expected,
      next: call.next,
      seeds: call.seeds.map(({ definition, revision }) => [definition, revision]),
      groups: call.groups.map(groupPayload),
    };
    const answer = await this.countScript.run(this.redis, keys, [JSON.stringify(payload)]);
    const [applied, pendingAlerts, refusedKeys] = answer as [number, number, number];
    return { applied: applied === 1, pendingAlerts, refusedKeys };
  }

  /** The marks that stand, by partition. */
  async marks(project: string): Promise<Map<number, string>> {
    const marks = await this.redis.hgetall(counterKeys.marks(project));
    return new Map(Object.entries(marks).map(([partition, mark]) => [Number(partition), mark]));
  }
}

function groupPayload(group: CounterGroup): object {
  const { recheck } = group;
  return {
    expire_at: group.expireAtMs ?? 0,
    keys_max: group.keysMax,
    watch: group.watch,
    limit: limbsOf(group.limit),
    thresholds: group.thresholds.map(({ name, amount }) => [name, ...limbsOf(amount)]),
    steps: group.steps.map(({ key, amount, eventTime }) => [key, ...limbsOf(amount), eventTime]),
    ...(recheck === null ? {} : { recheck: true, at: recheck.at }),
    ...(recheck?.formerLimit == null ? {} : { former_limit: limbsOf(recheck.formerLimit) }),
  };
}
