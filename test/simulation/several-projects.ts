import type { PlacedSum, UsageRow, UsageSumAsked } from '#clickhouse';
import { Clock } from '#platform';
import { pricedUsage, someBudget } from '#samples';
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
  /** What taking a project's mark waits for, first to last. */
  readonly gates = new Map<string, Promise<void>[]>();
  /** How long a project's calls that count take. */
  readonly slowMs = new Map<string, number>();
  /** What becomes of a project's next questions for stored usage. */
  readonly questionFaults = new Map<string, Error>();
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
  private readonly seeding = new Map<string, Map<string, string>>();
  private stored: UsageRow[] = [];

  private nowMs = NOON;
  private readonly behind = new Map<string, Set<number>>();

  constructor() {
    const clock = Object.assign(new Clock(), { now: () => this.nowMs });
    this.process = new CountingProcess(this.stores, clock, 1n, null);
  }

  /** Time passes. */
  pass(ms: number): void {
    this.nowMs += ms;
  }

  /** Whether a partition of a project says that its counters are right. */
  isComplete(project: string, partition: number): boolean {
    const isSeeding = (this.seeding.get(`${project} ${partition}`)?.size ?? 0) > 0;
    return !isSeeding && !this.behind.get(project)?.has(partition);
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
  use(...projects: string[]): Promise<void> {
    return this.useIn(0, ...projects);
  }

  async useIn(partition: number, ...projects: string[]): Promise<void> {
    const first = this.process.streams[partition]!.originDecidedTo + 1n;
    const rows = projects.map((project, at): UsageRow => {
      const offset = String(first + BigInt(at));
      const usage = pricedUsage({ id: offset, project });
      return { usage, origin: { cluster: 'c1', partition, offset, appended_at: '' }, index: 0 };
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
          behind: (project) => Promise.resolve(new Set(this.behind.get(project))),
        },
        states: { firing: nothing, keysOf: nothing, hasBaseline: () => Promise.resolve(true) },
        raised: { lastOf: nothing, after: nothing, lastSequence: () => Promise.resolve(0n) },
        stored: this.storedUsage(),
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
          adopt: async ({ project, partition, cluster, epoch, position, sequence }) => {
            await this.gates.get(project)?.shift();
            const name = `${project} ${partition}`;
            const next = this.marks.get(name)?.split('|')[2] ?? String(position);
            const mark = `${cluster}|${epoch}|${next}|${sequence}`;
            this.marks.set(name, mark);
            this.behindOf(project).add(partition);
            const seeded = new Map(this.seeded.get(name));
            const seeding = new Map(this.seeding.get(name));
            return { mark, cluster, next: BigInt(next), seeded, seeding };
          },
          count: ({ project, partition, expected, next, seeds, seeding, groups, level }) => {
            const name = `${project} ${partition}`;
            const fault = this.faults.get(project);
            if (fault) return Promise.reject(fault);
            this.nowMs += this.slowMs.get(project) ?? 0;
            const applied = this.marks.get(name) === expected;
            const answer = { applied, pendingAlerts: 0, refusedKeys: 0, rechecked: null };
            if (!applied) return Promise.resolve(answer);
            this.marks.set(name, next);
            if (level === 'behind') this.behindOf(project).add(partition);
            if (level === 'caught_up') this.behindOf(project).delete(partition);
            const seeded = this.seeded.get(name) ?? new Map<string, string>();
            this.seeded.set(name, seeded);
            const unseeded = this.seeding.get(name) ?? new Map<string, string>();
            this.seeding.set(name, unseeded);
            for (const { definition, revision } of seeds) {
              seeded.set(definition, revision);
              unseeded.delete(definition);
            }
            for (const { definition, text } of seeding) {
              seeded.delete(definition);
              if (text === '') unseeded.delete(definition);
              else unseeded.set(definition, text);
            }
            for (const { definition, steps } of groups) {
              const budget = definition.split(':')[0]!;
              for (const { amount } of steps) this.counted[budget]! += Number(amount);
            }
            return Promise.resolve(answer);
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

  private behindOf(project: string): Set<number> {
    const behind = this.behind.get(project) ?? new Set<number>();
    this.behind.set(project, behind);
    return behind;
  }

  private storedUsage(): CountingStores['reads']['stored'] {
    const { questionFaults } = this;
    const sumsOf = (asked: readonly UsageSumAsked[]) => this.sumsOf(asked);
    return {
      async *sums(asked) {
        const { project } = asked[0]!;
        const fault = questionFaults.get(project);
        if (fault) throw fault;
        yield sumsOf(asked);
      },
      async *slidingSums() {},
      hours: () => Promise.resolve([]),
      extents: ({ project, ranges }) =>
        Promise.resolve(
          ranges.map((range) =>
            this.rowsOf({ project, ...range }).length === 0
              ? null
              : { firstMs: NOON - 1, lastMs: NOON },
          ),
        ),
    };
  }

  private rowsOf({
    project,
    partition,
    from,
    below,
  }: Pick<UsageSumAsked, 'project' | 'partition' | 'from' | 'below'>): UsageRow[] {
    return this.stored.filter(({ usage, origin }) => {
      const offset = BigInt(origin.offset);
      const isAsked = origin.partition === partition && offset >= (from ?? 0n) && offset < below;
      return usage.project === project && isAsked;
    });
  }

  private sumsOf(asked: readonly UsageSumAsked[]): PlacedSum[] {
    const windowStartMs = Date.parse(`${DAY}T00:00:00.000Z`);
    const lastEventTime = `${DAY}T10:20:30.123Z`;
    return asked.map((one, place) => {
      const amount = BigInt(this.rowsOf(one).length);
      const times = { lastEventTime, lastReceivedAt: lastEventTime };
      return { sum: { windowStartMs, key: '{}', amount, ...times }, places: [place] };
    });
  }
}
