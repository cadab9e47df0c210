import type { RollupDifference, SetAsideRow, UsageRow } from '#clickhouse';
import { picoFromDecimal } from '#money';
import type { IdentitiesPort } from '../../apps/aggregator/src/deciding/deciding.ports.js';
import type { RollupsWritePort } from '../../apps/aggregator/src/storing/rollups.sink.js';
import type { StoredUsagePort } from '../../apps/aggregator/src/storing/storing.ports.js';
import type { InsertTokens, UsageWritePort } from '../../apps/aggregator/src/storing/usage.sink.js';
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

const position = ({ origin, index }: { origin: { offset: string }; index: number }) =>
  `${origin.offset}:${index}` as const;

/**
 * Three targets behind every raw insert, each with a deduplication log of its own. As in the engine, the token enters
 * the log before the part is in place: killed between the two, a target takes every later insert with it for done.
 */
export class FakeClickHouse {
  raw: Stored<UsageRow>[] = [];
  setAside: Stored<SetAsideRow>[] = [];
  identities: Stored<UsageRow>[] = [];
  readonly rollup = new Map<string, Sums>();
  private readonly logs = new Map<string, Set<string>>();
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
      insertsUnderWay: () => this.query(actor, () => this.underWay),
      rawPositions: ({ token }) =>
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
      correctRollups: async () => {
        const differences = await this.query(actor, () => this.differences());
        if (differences.length === 0) return [];
        const token = `correction ${this.world.turns}`;
        await this.insert(actor, { token, planToken: '' }, [
          [
            'rollup',
            () => differences.forEach(({ key, missing }) => this.addToRollup(key, missing)),
          ],
        ]);
        return differences.map(({ key }): RollupDifference => ({
          table: 'rollup',
          slice: { key },
          missing: {},
        }));
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
    { token }: InsertTokens,
    targets: [string, () => void][],
  ): Promise<void> {
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('clickhouse: connection refused');
    const { server } = this;
    const progress = { done: false };
    void this.serve(server, token, targets).then(() => (progress.done = true));
    while (!progress.done) {
      await this.world.turn(actor);
      if (server.dead) throw new Error('clickhouse: connection reset');
      if (!progress.done && this.world.chance(this.failureChance()))
        throw new Error('clickhouse: timeout');
    }
  }

  private async serve(
    server: Actor,
    token: string,
    targets: [string, () => void][],
  ): Promise<void> {
    this.underWay += 1;
    for (const [target, putInPlace] of targets) {
      await this.world.turn(server);
      const log = this.logs.get(target) ?? new Set();
      this.logs.set(target, log);
      if (log.has(token)) continue;
      log.add(token);
      await this.world.turn(server);
      putInPlace();
    }
    await this.world.turn(server);
    this.underWay -= 1;
  }

  private addToRollup(key: string, { events, cost }: Sums): void {
    const before = this.rollup.get(key) ?? { events: 0, cost: 0n };
    this.rollup.set(key, { events: before.events + events, cost: before.cost + cost });
  }

  private differences(): { key: string; missing: Sums }[] {
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
      .map(([key, sum]) => ({ key, missing: sum }));
  }
}

export function slice({ customer, event_time }: UsageRow['usage']): string {
  return `${customer} ${event_time.slice(0, 10)}`;
}

function sums({ cost }: UsageRow['usage']): Sums {
  return { events: 1, cost: cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n };
}
