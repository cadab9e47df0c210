import type { AlertRaised } from '#contracts';
import type { WatchAlert } from '#postgres';
import type { CountAnswer, CounterGroup, SlidingCheck } from '#redis';
import type { Budget } from '#watches';
import type { CountingReads } from '../../apps/aggregator/src/counting/counting.ports.js';
import { alertLog } from '../integration/alert-log.js';
import type { CountingStores } from '../integration/counting-process.js';
import type { FakeClickHouse } from './fake-clickhouse.js';
import { FakeSliding } from './fake-sliding.js';
import { storedUsageFor } from './fake-stored-usage.js';
import { pendingEntry } from './pending-entry.js';
import type { Actor, World } from './world.js';

/** Marks, counters and pending alerts of one project; a call may fail before or after it took effect. */
export class FakeRedis {
  marks = new Map<number, string>();
  seeded = new Map<number, Map<string, string>>();
  seeding = new Map<number, Map<string, string>>();
  /** It refuses what is counted, as a fault of the caller: by no outage, and of this project alone. */
  isRefusing = false;
  counters = new Map<string, bigint>();
  pending: string[] = [];
  sliding = new FakeSliding();
  readonly raised: AlertRaised[] = [];
  /** How many of them the outbox has. */
  delivered = 0;
  private saved: (() => void) | null = null;

  constructor(
    private readonly world: World,
    private readonly failureChance: () => number,
  ) {}

  flush(): void {
    this.marks = new Map();
    this.seeded = new Map();
    this.seeding = new Map();
    this.counters = new Map();
    this.pending = [];
    this.sliding = new FakeSliding();
  }

  /** What it goes back to when it is rolled back. */
  save(): void {
    const marks = new Map(this.marks);
    const copies = (maps: Map<number, Map<string, string>>) =>
      [...maps].map(([partition, all]) => [partition, new Map(all)] as const);
    const [seeded, seeding] = [copies(this.seeded), copies(this.seeding)];
    const counters = new Map(this.counters);
    const pending = [...this.pending];
    const sliding = this.sliding.copy();
    this.saved = () =>
      Object.assign(this, {
        marks,
        seeded: new Map(seeded),
        seeding: new Map(seeding),
        counters,
        pending,
        sliding,
      });
  }

  rollBack(): void {
    this.saved?.();
    this.saved = null;
  }

  /** The notifier records a few more alerts. */
  deliver(): void {
    this.delivered = Math.min(this.raised.length, this.delivered + 1 + this.world.below(3));
  }

  storesFor(
    actor: Actor,
    budgets: () => Budget[],
    clickhouse: FakeClickHouse,
    elsewhere: Pick<CountingReads, 'log' | 'ownership'>,
  ): CountingStores {
    return {
      reads: { ...elsewhere, partitions: 2, ...this.readsFor(actor, clickhouse) },
      watches: {
        changedSince: (from) =>
          this.call(actor, () => ({
            budgets: budgets().filter((budget) => budget.change >= from),
            rates: [],
            ended: [],
            upTo: 0n,
          })),
      },
      writes: {
        ends: { end: () => Promise.resolve() },
        counters: {
          adopt: ({ partition, cluster, epoch, position, sequence }) =>
            this.call(actor, () => {
              const [markCluster = cluster, markEpoch = '0', next = String(position)] =
                this.marks.get(partition)?.split('|') ?? [];
              if (BigInt(markEpoch) > epoch) return null;
              if (!this.marks.has(partition)) {
                this.seeded.delete(partition);
                this.seeding.delete(partition);
              }
              const mark = `${markCluster}|${epoch}|${next}|${sequence}`;
              this.marks.set(partition, mark);
              this.sliding.behind.add(partition);
              const seeded = new Map(this.seeded.get(partition));
              const seeding = new Map(this.seeding.get(partition));
              return { mark, cluster: markCluster, next: BigInt(next), seeded, seeding };
            }),
          count: ({ partition, expected, next, at, seeds, seeding, groups, sliding, level }) =>
            this.call(actor, () => {
              if (this.isRefusing && groups.length > 0) throw new RangeError('no such amount');
              if (this.marks.get(partition) !== expected)
                return { applied: false, pendingAlerts: 0, refusedKeys: 0, rechecked: null };
              for (const { definition, windowStartMs, thresholds, watch, steps } of groups) {
                for (const { key, amount, eventTime } of steps) {
                  const name = `${definition.split(':')[0]} ${windowStartMs} ${key}`;
                  const before = this.counters.get(name) ?? 0n;
                  this.counters.set(name, before + amount);
                  for (const threshold of thresholds) {
                    if (before >= threshold.amount || before + amount < threshold.amount) continue;
                    this.pending.push(
                      pendingEntry({
                        kind: 'crossed',
                        threshold: threshold.name,
                        key,
                        amount: before + amount,
                        eventTime,
                        at,
                        watch,
                      }),
                    );
                  }
                }
              }
              const seeded = this.seeded.get(partition) ?? new Map<string, string>();
              this.seeded.set(partition, seeded);
              const unseeded = this.seeding.get(partition) ?? new Map<string, string>();
              this.seeding.set(partition, unseeded);
              for (const { definition, revision } of seeds) {
                seeded.set(definition, revision);
                unseeded.delete(definition);
              }
              for (const { definition, text } of seeding) {
                seeded.delete(definition);
                if (text === '') unseeded.delete(definition);
                else unseeded.set(definition, text);
              }
              const rechecked = this.recheck(groups, at);
              if (rechecked?.cursor === '0') {
                const { definition, revision } = groups.find(({ recheck }) => recheck !== null)!;
                seeded.set(definition, revision);
              }
              this.marks.set(partition, next);
              if (level === 'caught_up') this.sliding.behind.delete(partition);
              if (level === 'behind') this.sliding.behind.add(partition);
              this.judge(sliding, at);
              const pendingAlerts = this.pending.length;
              return { applied: true, pendingAlerts, refusedKeys: 0, rechecked };
            }),
        },
        states: {
          judge: (_, at, checks) =>
            this.call(actor, () => ({
              waiting: this.judge(checks, at),
              pendingAlerts: this.pending.length,
              refusedKeys: 0,
            })),
          restore: (_, watchId, known) =>
            this.call(actor, () => this.sliding.restore(watchId, known)),
          forget: () => this.call(actor, () => undefined),
          setBaseline: () => this.call(actor, () => undefined),
        },
      },
      pending: {
        read: () => this.call(actor, () => this.pending.slice(0, 3)),
      },
      recorded: { has: () => this.call(actor, () => true) },
      alerts: {
        setAside: { add: () => Promise.reject(new Error('every alert can be raised')) },
        log: alertLog((alerts) => this.call(actor, () => void this.raised.push(...alerts))),
        pending: {
          shorten: (_, entries) =>
            this.call(actor, () => {
              const differs = entries.findIndex((entry, at) => this.pending[at] !== entry);
              this.pending.splice(0, differs === -1 ? entries.length : differs);
              return this.pending.length;
            }),
        },
      },
    };
  }

  private readsFor(
    actor: Actor,
    clickhouse: FakeClickHouse,
  ): Omit<CountingReads, 'log' | 'ownership' | 'partitions'> {
    return {
      states: {
        firing: () => this.call(actor, () => this.sliding.firing()),
        keysOf: (_, { watchId }) => this.call(actor, () => this.keysOf(watchId)),
        hasBaseline: () => this.call(actor, () => true),
      },
      raised: {
        lastOf: (_, watches) =>
          this.call(actor, () => {
            const last = new Map<string, WatchAlert>();
            for (const alert of this.recorded()) {
              const name = `${alert.watch} ${alert.counter}`;
              const isOlder = alert.arming < (last.get(name)?.arming ?? 0);
              if (watches.includes(alert.watch) && !isOlder) last.set(name, alert);
            }
            return [...last.values()];
          }),
        after: (sequence) =>
          this.call(actor, () => this.recorded().filter((alert) => alert.sequence > sequence)),
        lastSequence: () => this.call(actor, () => this.recorded().at(-1)?.sequence ?? 0n),
      },
      marks: {
        marks: () => this.call(actor, () => new Map(this.marks)),
        behind: () => this.call(actor, () => new Set(this.sliding.behind)),
      },
      stored: storedUsageFor(clickhouse, (effect) => this.call(actor, effect)),
      usualHours: { of: () => this.call(actor, () => []) },
    };
  }

  /** A slice of the counters of a window; what they hold at its time is told. */
  private recheck(groups: readonly CounterGroup[], at: string): CountAnswer['rechecked'] {
    for (const { definition, windowStartMs, thresholds, watch, recheck } of groups) {
      if (recheck === null) continue;
      const from = Number(recheck.cursor);
      const prefix = `${definition.split(':')[0]} ${windowStartMs} `;
      const all = [...this.counters].filter(([name]) => name.startsWith(prefix));
      const slice = all.slice(from, from + recheck.workMax);
      for (const [name, amount] of slice) {
        const key = name.slice(prefix.length);
        for (const threshold of thresholds) {
          if (amount < threshold.amount) continue;
          const crossed = { kind: 'crossed', threshold: threshold.name, key } as const;
          this.pending.push(pendingEntry({ ...crossed, amount, eventTime: at, at, watch }));
        }
      }
      const end = from + slice.length;
      return { cursor: end < all.length ? String(end) : '0', work: slice.length };
    }
    return null;
  }

  private judge(checks: readonly SlidingCheck[], at: string): number {
    const countersOf = (watchId: string, key: string) =>
      [...this.counters].filter(
        ([name]) => name.startsWith(`${watchId} `) && name.endsWith(` ${key}`),
      );
    return this.sliding.judge(checks, at, {
      sumOf: (watchId, key) =>
        countersOf(watchId, key).reduce((sum, [, amount]) => sum + amount, 0n),
      isSeeded: (definition) => [0, 1].every((one) => this.seeded.get(one)?.has(definition)),
      push: (entry) => void this.pending.push(entry),
    });
  }

  private keysOf(watchId: string): string[] {
    const names = [...this.counters.keys()].filter((name) => name.startsWith(`${watchId} `));
    return [...new Set(names.map((name) => name.slice(name.indexOf('{'))))];
  }

  /** The outbox, as far as it is of sliding watches: the first of an id stands. */
  private recorded(): WatchAlert[] {
    const first = new Map<string, AlertRaised>();
    for (const alert of this.raised.slice(0, this.delivered))
      if (!first.has(alert.id)) first.set(alert.id, alert);
    return [...first.values()].flatMap(({ project, type, raised_at, raised_by, data }, at) => {
      if (raised_by === null || raised_by.window_start !== null) return [];
      const [limit, value] = [String(data['limit']), String(data['value'])];
      const told = { project, type, raisedAt: raised_at, limit, value, sequence: BigInt(at + 1) };
      return [{ ...raised_by, ...told }];
    });
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
