import type { ComparedSlices, RollupDifference, SetAsideRow, UsageRow } from '#clickhouse';
import { picoFromDecimal } from '#money';
import type { IdentitiesPort } from '../../apps/aggregator/src/deciding/deciding.ports.js';
import type { RollupsWritePort } from '../../apps/aggregator/src/storing/rollups.sink.js';
import type { StoredUsagePort } from '../../apps/aggregator/src/storing/storing.ports.js';
import type { TimedTokens, UsageWritePort } from '../../apps/aggregator/src/storing/usage.sink.js';
import type { Actor, World } from './world.js';

interface Sums {
  events: number;
  cost: bigint;
}

type Store = IdentitiesPort &
  StoredUsagePort &
  RollupsWritePort &
  Pick<UsageWritePort, 'insertRaw' | 'insertSetAside' | 'insertIdentities'>;

/** A stored row with the plan it names. */
interface Stored<T> {
  row: T;
  plan: string;
}

/** The window of tokens by time, as at a steady rate of inserts. Longer than an insert may take to begin and to run. */
const BEGIN_MS_MAX = 1_000;
const RUN_MS_MAX = 2_000;
const WINDOW_MS = 4_000;

const position = ({ origin, index }: { origin: { offset: string }; index: number }) =>
  `${origin.offset}:${index}` as const;

/**
 * Three targets behind every raw insert, each with a deduplication log of its own. As in the engine, the token enters
 * the log before the part is in place: killed between the two, a target takes every later insert with it for done. And
 * tokens are forgotten.
 */
export class FakeClickHouse {
  raw: Stored<UsageRow>[] = [];
  setAside: Stored<SetAsideRow>[] = [];
  identities: Stored<UsageRow>[] = [];
  readonly rollup = new Map<string, Sums>();
  /** Rows that an audit has taken out: there must never be any. */
  repeatedRows = 0;
  /** When each target noted a token. */
  private readonly logs = new Map<string, Map<string, number>>();
  private server: Actor;
  private underWay = 0;

  constructor(
    private readonly world: World,
    private readonly failureChance: () => number,
  ) {
    this.server = world.actor('clickhouse');
  }

  /** Kills the server at whatever it is doing and starts it again on the same data. */
  restart(): void {
    this.server.dead = true;
    this.server = this.world.actor('clickhouse');
    this.underWay = 0;
  }

  storeFor(actor: Actor): Store {
    return {
      findIdentities: ({ partition, identities, exceptPlan }) =>
        this.query(actor, () => {
          const wanted = new Set(identities);
          const rows = this.identities.filter(
            ({ row, plan }) =>
              row.origin.partition === partition &&
              plan !== exceptPlan &&
              wanted.has(row.usage.identity),
          );
          return new Map(rows.map(({ row }) => [row.usage.identity, row.usage.content]));
        }),
      readIdentityPage: ({ partition, from, identitiesMax }) =>
        this.query(actor, () => {
          const prefixes = this.identities
            .filter(({ row }) => row.origin.partition === partition)
            .map(({ row }) => row.usage.identity.slice(0, 16))
            .filter((prefix) => BigInt(`0x${prefix}`) >= from)
            .sort();
          const page = prefixes.slice(0, identitiesMax);
          return {
            prefixes: Buffer.from(page.join(''), 'hex'),
            isLast: page.length < identitiesMax,
          };
        }),
      insertRaw: (rows, tokens) =>
        this.insert(actor, tokens, [
          ['raw', () => this.raw.push(...rows.map((row) => ({ row, plan: tokens.planToken })))],
          [
            'identities',
            () => this.identities.push(...rows.map((row) => ({ row, plan: tokens.planToken }))),
          ],
          [
            'rollup',
            () => rows.forEach(({ usage }) => this.addToRollup(slice(usage), sums(usage))),
          ],
        ]),
      insertSetAside: (rows, tokens) =>
        this.insert(actor, tokens, [
          [
            'set_aside',
            () => this.setAside.push(...rows.map((row) => ({ row, plan: tokens.planToken }))),
          ],
        ]),
      insertIdentities: (rows, tokens) =>
        this.insert(actor, tokens, [
          [
            'identities',
            () => this.identities.push(...rows.map((row) => ({ row, plan: tokens.planToken }))),
          ],
        ]),
      insertUntilMs: () => this.query(actor, () => this.world.timeMs + BEGIN_MS_MAX),
      insertsUnderWay: () => this.query(actor, () => this.underWay),
      rawPositions: (token) =>
        this.query(
          actor,
          () =>
            new Set(this.raw.filter(({ plan }) => plan === token).map(({ row }) => position(row))),
        ),
      setAsidePositions: ({ token }) =>
        this.query(
          actor,
          () =>
            new Set(
              this.setAside.filter(({ plan }) => plan === token).map(({ row }) => position(row)),
            ),
        ),
      cutComparison: (all) =>
        this.query(actor, () =>
          all.map(({ day, ...slices }) => ({
            ...slices,
            days: [day],
            projects: ['p1'],
            part: { at: 0, of: 1 },
          })),
        ),
      compareRollups: (slices) =>
        this.query(actor, () => this.differences(slices).map(asDifference)),
      findRepeated: () =>
        this.query(actor, () =>
          [...Map.groupBy(this.raw, ({ row }) => row.usage.identity)]
            .filter(([, rows]) => rows.length > 1)
            .map(([identity]) => identity),
        ),
      removeRepeated: (_, identities) =>
        this.query(actor, () => {
          const before = this.raw.length;
          const seen = new Set<string>();
          this.raw = this.raw.filter(({ row: { usage } }) => {
            const isRepeat = seen.has(usage.identity) && identities.includes(usage.identity);
            seen.add(usage.identity);
            return !isRepeat;
          });
          this.repeatedRows += before - this.raw.length;
          return before - this.raw.length;
        }),
      correctRollups: async (slices, untilMs) => {
        const differences = await this.query(actor, () => this.differences(slices));
        if (differences.length === 0) return [];
        const token = `correction ${this.world.turns}`;
        await this.insert(actor, { token, planToken: '', untilMs }, [
          [
            'rollup',
            () => differences.forEach(({ key, missing }) => this.addToRollup(key, missing)),
          ],
        ]);
        return differences.map(asDifference);
      },
    };
  }

  private async query<T>(actor: Actor, answer: () => T): Promise<T> {
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('clickhouse: connection refused');
    const result = answer();
    await this.world.turn(actor);
    return result;
  }

  /** The server works on after the client is gone, and the client may lose patience while it works. */
  private async insert(
    actor: Actor,
    { token, untilMs }: TimedTokens,
    targets: [string, () => void][],
  ): Promise<void> {
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('clickhouse: connection refused');
    const { server } = this;
    const progress: { outcome: boolean | null } = { outcome: null };
    void this.serve(server, { token, untilMs }, targets).then((ok) => (progress.outcome = ok));
    while (progress.outcome === null) {
      await this.world.turn(actor);
      if (server.dead) throw new Error('clickhouse: connection reset');
      if (progress.outcome === null && this.world.chance(this.failureChance()))
        throw new Error('clickhouse: timeout');
    }
    if (!progress.outcome) throw new Error('clickhouse: refused, too late');
  }

  /** False when it comes too late or takes too long: what is in place by then stays. */
  private async serve(
    server: Actor,
    { token, untilMs }: Pick<TimedTokens, 'token' | 'untilMs'>,
    targets: [string, () => void][],
  ): Promise<boolean> {
    await this.world.turn(server);
    const begunMs = this.world.timeMs;
    if (begunMs > untilMs) return false;
    this.underWay += 1;
    const inTime = await this.serveUntil(begunMs + RUN_MS_MAX, server, token, targets);
    await this.world.turn(server);
    this.underWay -= 1;
    return inTime;
  }

  private async serveUntil(
    endMs: number,
    server: Actor,
    token: string,
    targets: [string, () => void][],
  ): Promise<boolean> {
    for (const [target, putInPlace] of targets) {
      await this.world.turn(server);
      if (this.world.timeMs > endMs) return false;
      const log = this.logs.get(target) ?? new Map<string, number>();
      this.logs.set(target, log);
      if (this.world.timeMs - (log.get(token) ?? -Infinity) <= WINDOW_MS) continue;
      log.set(token, this.world.timeMs);
      await this.world.turn(server);
      putInPlace();
    }
    return true;
  }

  private addToRollup(key: string, { events, cost }: Sums): void {
    const before = this.rollup.get(key) ?? { events: 0, cost: 0n };
    this.rollup.set(key, { events: before.events + events, cost: before.cost + cost });
  }

  private differences({ days, customers }: ComparedSlices): { key: string; missing: Sums }[] {
    const missing = new Map<string, Sums>();
    for (const { row } of this.raw) {
      const before = missing.get(slice(row.usage)) ?? { events: 0, cost: 0n };
      const { events, cost } = sums(row.usage);
      missing.set(slice(row.usage), { events: before.events + events, cost: before.cost + cost });
    }
    for (const [key, { events, cost }] of this.rollup) {
      const before = missing.get(key) ?? { events: 0, cost: 0n };
      missing.set(key, { events: before.events - events, cost: before.cost - cost });
    }
    return [...missing]
      .filter(([, { events, cost }]) => events !== 0 || cost !== 0n)
      .filter(([key]) => {
        const [customer = '', day = ''] = key.split(' ');
        return days.includes(day) && (customers?.includes(customer) ?? true);
      })
      .map(([key, sum]) => ({ key, missing: sum }));
  }
}

function asDifference({ key }: { key: string }): RollupDifference {
  const [customer = '', day = ''] = key.split(' ');
  return { table: 'usage_per_day', slice: { project: 'p1', day, customer }, missing: {} };
}

export function slice({ customer, event_time }: UsageRow['usage']): string {
  return `${customer} ${event_time.slice(0, 10)}`;
}

function sums({ cost }: UsageRow['usage']): Sums {
  return { events: 1, cost: cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n };
}
