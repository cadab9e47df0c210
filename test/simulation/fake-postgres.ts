import type { Ownership, PartitionKey, Plan, Stored } from '#postgres';
import type { CountingOwnershipPort } from '../../apps/aggregator/src/counting/counting.ports.js';
import type { OwnershipWritePort } from '../../apps/aggregator/src/partitions/ownership.sink.js';
import type { LockPort } from '../../apps/aggregator/src/storing/storing.ports.js';
import type { UsageWritePort } from '../../apps/aggregator/src/storing/usage.sink.js';
import type { Actor, World } from './world.js';

interface Holder {
  actor: Actor;
  kind: 'shared' | 'exclusive';
}

/** How long a statement goes on whose client has given it up. */
const LATE_TURNS_MAX = 60;
const LATE_PER_FAILURE = 2;

/** One row a partition and one advisory lock. A statement may fail before or after it took effect, or take effect later. */
export class FakePostgres {
  readonly rows = new Map<number, Ownership>();
  private readonly holders = new Set<Holder>();
  private readonly server: Actor;

  constructor(
    private readonly world: World,
    private readonly failureChance: () => number,
  ) {
    this.server = world.actor('postgres');
  }

  /** Connections of a dead process are closed, which frees its locks. */
  forget(actor: Actor): void {
    for (const holder of this.holders) if (holder.actor === actor) this.holders.delete(holder);
  }

  ownershipFor(
    actor: Actor,
  ): OwnershipWritePort & Pick<UsageWritePort, 'writePlan' | 'finishPlan'> {
    return {
      takeOver: ({ partition }: PartitionKey) =>
        this.statement(actor, () => {
          const row = this.rows.get(partition) ?? {
            epoch: 0n,
            storedTo: 0n,
            originStoredTo: -1n,
            plan: null,
          };
          const owned = { ...row, epoch: row.epoch + 1n };
          this.rows.set(partition, owned);
          return owned;
        }),
      writePlan: ({ partition }, epoch, plan: Plan) =>
        this.statement(actor, () =>
          this.update(partition, epoch, (row) => {
            const isOther = row.plan !== null && row.plan.token !== plan.token;
            return isOther || row.storedTo > plan.first ? null : { ...row, plan };
          }),
        ),
      finishPlan: ({ partition }, epoch, { storedTo, originStoredTo }: Stored) =>
        this.statement(actor, () =>
          this.update(partition, epoch, (row) => ({
            ...row,
            storedTo,
            originStoredTo,
            plan: null,
          })),
        ),
    };
  }

  countingOwnershipFor(actor: Actor): CountingOwnershipPort {
    return {
      isHeld: ({ partition, epoch }) =>
        this.statement(actor, () => this.rows.get(partition)?.epoch === epoch),
    };
  }

  lockFor(actor: Actor): LockPort {
    return {
      shared: (work) => this.holding(actor, 'shared', work),
      exclusive: (work) => this.holding(actor, 'exclusive', work),
    };
  }

  private update(
    partition: number,
    epoch: bigint,
    change: (row: Ownership) => Ownership | null,
  ): boolean {
    const row = this.rows.get(partition);
    const changed = row?.epoch === epoch ? change(row) : null;
    if (changed === null) return false;
    this.rows.set(partition, changed);
    return true;
  }

  private async statement<T>(actor: Actor, effect: () => T): Promise<T> {
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('postgres: connection refused');
    if (this.world.chance(LATE_PER_FAILURE * this.failureChance())) {
      void this.takeEffectLate(effect);
      throw new Error('postgres: no answer in time');
    }
    const result = effect();
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance()))
      throw new Error('postgres: connection lost after the statement');
    return result;
  }

  /** The client has given up; the server has not. */
  private async takeEffectLate(effect: () => unknown): Promise<void> {
    for (let turns = this.world.below(LATE_TURNS_MAX); turns > 0; turns--)
      await this.world.turn(this.server);
    effect();
  }

  private async holding<T>(actor: Actor, kind: Holder['kind'], work: () => Promise<T>): Promise<T> {
    const holder = { actor, kind };
    do await this.world.turn(actor);
    while ([...this.holders].some((other) => kind === 'exclusive' || other.kind === 'exclusive'));
    this.holders.add(holder);
    try {
      return await work();
    } finally {
      this.holders.delete(holder);
    }
  }
}
