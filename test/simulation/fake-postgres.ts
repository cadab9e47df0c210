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

/** One row a partition and one advisory lock. A statement may fail before or after it took effect. */
export class FakePostgres {
  readonly rows = new Map<number, Ownership>();
  private readonly holders = new Set<Holder>();

  constructor(
    private readonly world: World,
    private readonly failureChance: () => number,
  ) {}

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
        this.statement(actor, () => this.update(partition, epoch, (row) => ({ ...row, plan }))),
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

  private update(partition: number, epoch: bigint, change: (row: Ownership) => Ownership): boolean {
    const row = this.rows.get(partition);
    if (row?.epoch !== epoch) return false;
    this.rows.set(partition, change(row));
    return true;
  }

  private async statement<T>(actor: Actor, effect: () => T): Promise<T> {
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance())) throw new Error('postgres: connection refused');
    const result = effect();
    await this.world.turn(actor);
    if (this.world.chance(this.failureChance()))
      throw new Error('postgres: connection lost after the statement');
    return result;
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
