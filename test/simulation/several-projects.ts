import type { UsageRow, UsageSum, UsageSumAsked } from '#clickhouse';
import { Clock } from '#platform';
import { pricedUsage, someBudget } from '#testing';
import type { Budget } from '#watches';
import { alertLog } from '../integration/alert-log.js';
import { CountingProcess, type CountingStores } from '../integration/counting-process.js';

const DAY = '2026-11-02';
const NOON = Date.parse(`${DAY}T12:00:00.000Z`);

/** One aggregator that counts the events of several projects, each in budgets of a day; what a project's calls meet is the test's. */
export class SeveralProjects {
  /** Counted events, by project and budget. */
  readonly counted: Record<string, number> = {};
  /** What becomes of a project's next calls that count, before they have an effect. */
  readonly faults = new Map<string, Error>();
  /** What a project's question for stored usage waits for, first to last. */
  readonly gates = new Map<string, Promise<void>[]>();
  /** What waits to be raised, by project, as Redis has it. */
  readonly pending = new Map<string, string[]>();
  /** The types of what was raised. */
  readonly raised: string[] = [];
  /** Watches whose states were let go of. */
  readonly forgotten: string[] = [];
  readonly process: CountingProcess;
  readonly budgets: Budget[] = [];
  readonly stores = this.storesOfAll();
  private readonly marks = new Map<string, string>();
  private readonly seeded = new Map<string, Map<string, string>>();
  private stored: UsageRow[] = [];

  constructor() {
    const clock = Object.assign(new Clock(), { now: () => NOON });
    this.process = new CountingProcess(this.stores, clock, 1n, null);
  }

  newBudget(project: string, id: string): void {
    this.counted[id] = 0;
    const window = { kind: 'calendar', unit: 'day', time_zone: 'UTC' } as const;
    const change = BigInt(this.budgets.length + 1);
    this.budgets.push(someBudget({ id, project, name: id, limit: '1000', window, change }));
  }

  deleteBudget(id: string): void {
    const budget = this.budgets.find((one) => one.id === id)!;
    const change = BigInt(this.budgets.length + 1);
    Object.assign(budget, { change, deleted_at: `${DAY}T12:00:00.000Z` });
  }

  /** The next events of the first partition, one of each project that is named. */
  async use(...projects: string[]): Promise<void> {
    const first = this.process.streams[0]!.originDecidedTo + 1n;
    const rows = projects.map((project, at): UsageRow => {
      const offset = String(first + BigInt(at));
      const usage = pricedUsage({ id: offset, project });
      return { usage, origin: { cluster: 'c1', partition: 0, offset, appended_at: '' }, index: 0 };
    });
    await this.process.count(...rows);
  }

  /** Stores all that may be stored, and says how many events. */
  store(): number {
    const [stream] = this.process.streams;
    if (!stream!.isStorable()) return 0;
    const plan = stream!.nextPlan(1_000)!;
    const { counted } = stream!.rowsOf(plan);
    this.stored = [...this.stored, ...counted];
    stream!.release(plan, NOON);
    return counted.length;
  }

  private storesOfAll(): CountingStores {
    const nothing = () => Promise.resolve([]);
    return {
      reads: {
        partitions: 2,
        ownership: { isHeld: () => Promise.resolve(true) },
        marks: {
          marks: (project) =>
            Promise.resolve(
              new Map(
                [0, 1].flatMap((partition): [number, string][] => {
                  const mark = this.marks.get(`${project} ${partition}`);
                  return mark === undefined ? [] : [[partition, mark]];
                }),
              ),
            ),
          behind: () => Promise.resolve(new Set()),
        },
        states: { firing: nothing, keysOf: nothing, hasBaseline: () => Promise.resolve(true) },
        raised: { lastOf: nothing, after: nothing, lastSequence: () => Promise.resolve(0n) },
        sums: {
          sums: async (asked) => {
            await this.gates.get(asked[0]!.project)?.shift();
            return asked.map((one) => this.sumsOf(one));
          },
        },
        slidingSums: { sums: nothing },
        usualHours: { of: nothing },
        log: { ends: () => Promise.resolve(new Map()) },
      },
      watches: {
        changedSince: (from) =>
          Promise.resolve({
            budgets: this.budgets.filter((one) => one.change >= from),
            rates: [],
            ended: [],
            upTo: 0n,
          }),
      },
      writes: {
        ends: { end: () => Promise.resolve() },
        counters: {
          adopt: ({ project, partition, cluster, epoch, position, sequence }) => {
            const name = `${project} ${partition}`;
            const next = this.marks.get(name)?.split('|')[2] ?? String(position);
            const mark = `${cluster}|${epoch}|${next}|${sequence}`;
            this.marks.set(name, mark);
            const seeded = new Map(this.seeded.get(name));
            return Promise.resolve({ mark, cluster, next: BigInt(next), seeded });
          },
          count: ({ project, partition, expected, next, seeds, groups }) => {
            const name = `${project} ${partition}`;
            const fault = this.faults.get(project);
            if (fault) return Promise.reject(fault);
            const applied = this.marks.get(name) === expected;
            if (!applied) return Promise.resolve({ applied, pendingAlerts: 0, refusedKeys: 0 });
            this.marks.set(name, next);
            const seeded = this.seeded.get(name) ?? new Map<string, string>();
            this.seeded.set(name, seeded);
            for (const { definition, revision } of seeds) seeded.set(definition, revision);
            for (const { definition, steps } of groups) {
              const budget = definition.split(':')[0]!;
              for (const { amount } of steps) this.counted[budget]! += Number(amount);
            }
            return Promise.resolve({ applied, pendingAlerts: 0, refusedKeys: 0 });
          },
        },
        states: {
          judge: () => Promise.resolve({ waiting: 0, pendingAlerts: 0, refusedKeys: 0 }),
          restore: nothing,
          forget: (project, watchIds) => {
            const fault = this.faults.get(project);
            if (fault) return Promise.reject(fault);
            this.forgotten.push(...watchIds);
            return Promise.resolve();
          },
          setBaseline: () => Promise.resolve(),
        },
      },
      pending: {
        read: (project) => Promise.resolve(this.pending.get(project) ?? []),
      },
      recorded: { has: () => Promise.resolve(true) },
      alerts: {
        setAside: { add: () => Promise.resolve() },
        log: alertLog((alerts) => {
          this.raised.push(...alerts.map(({ type }) => type));
          return Promise.resolve();
        }),
        pending: {
          shorten: (project) => {
            this.pending.delete(project);
            return Promise.resolve(0);
          },
        },
      },
    };
  }

  private sumsOf({ project, partition, from, below }: UsageSumAsked): UsageSum[] {
    const rows = this.stored.filter(({ usage, origin }) => {
      const offset = BigInt(origin.offset);
      const isAsked = origin.partition === partition && offset >= (from ?? 0n) && offset < below;
      return usage.project === project && isAsked;
    });
    const windowStartMs = Date.parse(`${DAY}T00:00:00.000Z`);
    const amount = BigInt(rows.length);
    const lastEventTime = `${DAY}T10:20:30.123Z`;
    return [{ windowStartMs, key: '{}', amount, lastEventTime, lastReceivedAt: lastEventTime }];
  }
}
