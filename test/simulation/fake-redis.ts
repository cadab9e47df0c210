import type { UsageSum, UsageSumAsked } from '#clickhouse';
import { type AlertRaised, type Budget, canonicalJson } from '#contracts';
import { picoFromDecimal } from '#money';
import type { CountingPorts } from '../../apps/aggregator/src/counting/counting.ports.js';
import type { FakeClickHouse } from './fake-clickhouse.js';
import type { Actor, World } from './world.js';

/** Marks, counters and pending alerts of one project; a call may fail before or after it took effect. */
export class FakeRedis {
  marks = new Map<number, string>();
  seeded = new Map<number, Map<string, string>>();
  counters = new Map<string, bigint>();
  pending: string[] = [];
  readonly raised: AlertRaised[] = [];

  constructor(
    private readonly world: World,
    private readonly failureChance: () => number,
  ) {}

  flush(): void {
    this.marks = new Map();
    this.seeded = new Map();
    this.counters = new Map();
    this.pending = [];
  }

  portsFor(actor: Actor, budgets: () => Budget[], clickhouse: FakeClickHouse): CountingPorts {
    return {
      partitions: 2,
      watches: {
        changedSince: (change) =>
          this.call(actor, () => ({
            budgets: budgets().filter((budget) => budget.change > change),
            rates: [],
          })),
      },
      states: {
        firing: () => this.call(actor, () => []),
        keysOf: () => this.call(actor, () => []),
        judge: () => this.call(actor, () => ({ waiting: 0, pendingAlerts: 0, refusedKeys: 0 })),
        restore: () => this.call(actor, () => []),
        forget: () => this.call(actor, () => undefined),
        hasBaseline: () => this.call(actor, () => true),
        setBaseline: () => this.call(actor, () => undefined),
      },
      raised: {
        lastOf: () => this.call(actor, () => []),
        after: () => this.call(actor, () => []),
        lastSequence: () => this.call(actor, () => 0n),
      },
      counters: {
        adopt: ({ partition, cluster, epoch, position, sequence }) =>
          this.call(actor, () => {
            const [markCluster = cluster, markEpoch = '0', next = String(position)] =
              this.marks.get(partition)?.split('|') ?? [];
            if (BigInt(markEpoch) > epoch) return null;
            if (!this.marks.has(partition)) this.seeded.delete(partition);
            const mark = `${markCluster}|${epoch}|${next}|${sequence}`;
            this.marks.set(partition, mark);
            const seeded = new Map(this.seeded.get(partition));
            return { mark, cluster: markCluster, next: BigInt(next), seeded };
          }),
        count: ({ partition, expected, next, at, seeds, groups }) =>
          this.call(actor, () => {
            if (this.marks.get(partition) !== expected)
              return { applied: false, pendingAlerts: 0, refusedKeys: 0 };
            for (const { definition, windowStartMs, thresholds, watch, steps } of groups) {
              for (const { key, amount, eventTime } of steps) {
                const name = `${definition.split(':')[0]} ${windowStartMs} ${key}`;
                const before = this.counters.get(name) ?? 0n;
                this.counters.set(name, before + amount);
                for (const threshold of thresholds) {
                  if (before >= threshold.amount || before + amount < threshold.amount) continue;
                  this.pending.push(
                    `{"kind":"crossed","threshold":"${threshold.name}","counter":${key},"hi":"0","lo":"${before + amount}","event_time":"${eventTime}","raised_at":"${at}","watch":${watch}}`,
                  );
                }
              }
            }
            const seeded = this.seeded.get(partition) ?? new Map<string, string>();
            this.seeded.set(partition, seeded);
            for (const { definition, revision } of seeds) seeded.set(definition, revision);
            this.marks.set(partition, next);
            return { applied: true, pendingAlerts: this.pending.length, refusedKeys: 0 };
          }),
        marks: () => this.call(actor, () => new Map(this.marks)),
      },
      pending: {
        read: () => this.call(actor, () => this.pending.slice(0, 3)),
        shorten: (_, entries) =>
          this.call(actor, () => {
            const differs = entries.findIndex((entry, at) => this.pending[at] !== entry);
            this.pending.splice(0, differs === -1 ? entries.length : differs);
            return this.pending.length;
          }),
      },
      sums: {
        sums: (asked) => this.call(actor, () => asked.map((one) => storedUsageOf(clickhouse, one))),
      },
      usualHours: { of: () => this.call(actor, () => []) },
      slidingSums: { sums: () => this.call(actor, () => []) },
      alerts: {
        raise: (alerts) => this.call(actor, () => void this.raised.push(...alerts)),
      },
    };
  }

  private async call<T>(actor: Actor, effect: () => T): Promise<T> {
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('redis: connection refused');
    const result = effect();
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('redis: timeout');
    return result;
  }
}

/** Of budgets on the cost or number of events of a day, as the simulation has them. */
function storedUsageOf(
  { raw }: FakeClickHouse,
  { on, per, partition, from, below }: UsageSumAsked,
): UsageSum[] {
  return raw
    .filter(({ row: { origin } }) => {
      const offset = BigInt(origin.offset);
      return origin.partition === partition && offset >= (from ?? 0n) && offset < below;
    })
    .map(({ row: { usage } }) => ({
      windowStartMs: Date.parse(`${usage.event_time.slice(0, 10)}T00:00:00Z`),
      key: canonicalJson(per.length > 0 ? { customer: usage.customer } : {}),
      amount:
        on === 'events'
          ? 1n
          : usage.cost.state === 'priced'
            ? picoFromDecimal(usage.cost.amount)!
            : 0n,
      lastEventTime: usage.event_time,
    }));
}
