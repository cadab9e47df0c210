import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { RedisScript } from './redis-script.js';
import { type SlidingCheck, slidingPayload, type Threshold } from './sliding-check.js';
import { addedLimbsOf, limbsOf } from './two-limbs.js';

/** What one call adds to one counter. */
export interface CounterStep {
  /** Canonical JSON of the counter key. */
  key: string;
  amount: bigint;
  eventTime: string;
  /** Of rates: how many events it is, and how many by bin of latency. */
  events: number | null;
  bins: ReadonlyMap<number, number> | null;
}

/** What one call does to the counters of one window of one watch; of a sliding one, of one bucket. */
export interface CounterGroup {
  /** `<watch>:<definition>`, see `counterKeys`. */
  definition: string;
  windowStartMs: number;
  /** Milliseconds from now until Redis may forget the window; null: never. */
  keepMs: number | null;
  /** More counters than this a window are refused and reported. */
  keysMax: number;
  thresholds: Threshold[];
  limit: bigint;
  /** Of the thresholds and the limit. Written with the last slice of a recheck, and else by `seeds` alone. */
  revision: string;
  /** JSON of whatever an alert needs to know of the budget and its window. */
  watch: string;
  steps: CounterStep[];
  recheck: CounterRecheck | null;
}

/**
 * Raise what the counters have reached already. A counter at or above the former limit and below the limit has recovered,
 * under the arming number of its breach. One call holds a slice of the counters; one group of a call has a recheck.
 */
export interface CounterRecheck {
  former: { limit: bigint; arming: number } | null;
  limitName: string;
  /** Where the last slice ended; the first begins at `'0'`. */
  cursor: string;
  /** About how many counters a slice holds, an alert that it raises counted as five of them. */
  workMax: number;
}

export interface CountCall {
  project: string;
  partition: number;
  /** The mark that must stand, and the one that this call leaves. */
  expected: string;
  next: string;
  /** The present, RFC 3339: when what this call raises was raised. */
  at: string;
  /** Watches that hold all of the partition's usage from this call on. */
  seeds: { definition: string; revision: string }[];
  /** Watches that do not hold all of it, with how far their seed is: any text. The empty text lets go of it. */
  seeding: { definition: string; text: string }[];
  groups: CounterGroup[];
  /** Held against their bounds behind all that is added. */
  sliding: SlidingCheck[];
  /** `caught_up`: the partition's usage is counted as far as its owner has decided. `behind`: it is not. Null: as before. */
  level: 'caught_up' | 'behind' | null;
}

/**
 * Not applied: another mark stands and nothing was changed. Refused is what found no room: a counter too many, or the part
 * of an amount that is more than a counter holds.
 */
export interface CountAnswer {
  applied: boolean;
  pendingAlerts: number;
  refusedKeys: number;
  /** Of a call with a recheck: where the next slice begins, `'0'` behind the last; and its work, see `workMax`. */
  rechecked: { cursor: string; work: number } | null;
}

/** What stood in Redis when a partition's mark was taken; `next` is the first position of `cluster` that is not counted. */
export interface Adoption {
  mark: string;
  cluster: string;
  next: bigint;
  /** Definition to revision of the watches that hold this partition's usage up to `next`. */
  seeded: Map<string, string>;
  /** Definition to how far the seed is of those that do not hold all of it. */
  seeding: Map<string, string>;
}

type CountReply = [
  applied: number,
  pendingAlerts: number,
  refusedKeys: number,
  cursor: string,
  work: number,
];

/** Adds to the counters in Redis. Any throw leaves open whether the call took effect: the mark has to be adopted anew. */
export class CounterWrites {
  private readonly adoptScript = new RedisScript('adopt-partition');
  private readonly countScript = new RedisScript(
    'amounts',
    'pending-alert',
    'sliding',
    'count-usage',
  );

  /** Two calls at a time: one is on its way while Redis works on the other. */
  private readonly lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  private calls = 0;

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
    const [mark, markCluster, next, seeded, seeding] = (await this.adoptScript.run(
      this.redis,
      [
        counterKeys.marks(project),
        counterKeys.seeded(project, partition),
        counterKeys.behind(project),
        counterKeys.seeding(project, partition),
      ],
      [String(partition), cluster, String(epoch), String(position), String(sequence)],
    )) as [string, string, string, string[], string[]];
    if (mark === 'refused') return null;
    const at = { mark, cluster: markCluster, next: BigInt(next) };
    return { ...at, seeded: mapOf(seeded), seeding: mapOf(seeding) };
  }

  /** Adds, seeds and moves the mark in one step, and puts every threshold crossed on the pending list. */
  async count({ project, partition, ...call }: CountCall): Promise<CountAnswer> {
    const keys = [
      counterKeys.marks(project),
      counterKeys.seeded(project, partition),
      counterKeys.pending(project),
      counterKeys.firing(project),
      counterKeys.behind(project),
      counterKeys.seeding(project, partition),
      ...call.groups.map(({ definition, windowStartMs }) =>
        counterKeys.counters(project, definition, windowStartMs),
      ),
    ];
    const payload = {
      field: String(partition),
      expected: call.expected,
      next: call.next,
      at: call.at,
      seeds: call.seeds.map(({ definition, revision }) => [definition, revision]),
      seeding: call.seeding.map(({ definition, text }) => [definition, text]),
      groups: call.groups.map(groupPayload),
      sliding: call.sliding.map((check) => slidingPayload(project, check)),
      ...(call.level === null ? {} : { level: call.level }),
    };
    const times = call.groups.map(({ steps }) => steps.map(({ eventTime }) => eventTime));
    const contexts = call.groups.map(({ watch }) => watch);
    const args = [JSON.stringify(payload), ...contexts, JSON.stringify(times)];
    const answer = await this.inTurn(() => this.countScript.run(this.redis, keys, args));
    const [applied, pendingAlerts, refusedKeys, cursor, work] = answer as CountReply;
    const rechecked = cursor === '' ? null : { cursor, work };
    return { applied: applied === 1, pendingAlerts, refusedKeys, rechecked };
  }

  /** What waits here does not use up the time that a command has. */
  private inTurn(call: () => Promise<unknown>): Promise<unknown> {
    this.calls += 1;
    const lane = this.calls % this.lanes.length;
    const answer = this.lanes[lane]!.then(call);
    this.lanes[lane] = answer.catch(() => undefined);
    return answer;
  }
}

/** As `HGETALL` answers: field, value, field, value. */
function mapOf(pairs: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let at = 0; at < pairs.length; at += 2) map.set(pairs[at]!, pairs[at + 1]!);
  return map;
}

const payloads = new WeakMap<Threshold[], unknown[]>();

/** Steps as columns: the script reads a few long lists faster than thousands of short ones. */
function groupPayload({ steps, recheck, ...group }: CounterGroup): object {
  const added = steps.map(({ amount }) => addedLimbsOf(amount));
  return {
    ttl: group.keepMs ?? 0,
    keys_max: group.keysMax,
    limit: limbsOf(group.limit),
    thresholds: thresholdsPayload(group.thresholds),
    fields: steps.map(({ key }) => key),
    his: added.map(([hi]) => hi),
    los: added.map(([, lo]) => lo),
    ...(steps.some(({ events }) => events !== null) ? ratePayload(steps) : {}),
    ...(recheck === null ? {} : { recheck: recheckPayload(group, recheck) }),
  };
}

function ratePayload(steps: CounterStep[]): object {
  return {
    events: steps.map(({ events }) => events ?? 0),
    bins: steps.map(({ bins }) => [...(bins ?? [])]),
  };
}

/** The same list comes with every call of its budget. */
function thresholdsPayload(thresholds: Threshold[]): unknown[] {
  const known = payloads.get(thresholds);
  if (known) return known;
  const payload = thresholds.map(({ name, amount }) => [name, ...limbsOf(amount)]);
  payloads.set(thresholds, payload);
  return payload;
}

function recheckPayload(
  { definition, revision }: Pick<CounterGroup, 'definition' | 'revision'>,
  { former, ...recheck }: CounterRecheck,
): object {
  return {
    definition,
    revision,
    limit_name: recheck.limitName,
    cursor: recheck.cursor,
    work_max: recheck.workMax,
    ...(former === null
      ? {}
      : { former_limit: limbsOf(former.limit), former_arming: former.arming }),
  };
}
