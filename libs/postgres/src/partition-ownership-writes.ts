import { sql } from 'kysely';
import type { Postgres } from './database.js';
import type { Ownership, PartitionKey, Plan, Stored } from './partition-ownership.js';
import type { PartitionOwnershipTable } from './tables/partition-ownership.js';

/** Writes the row that says who owns a partition. Every write but taking over names the writer's epoch, so a former owner changes nothing. */
export class PartitionOwnershipWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Takes the partition over: raises the epoch and reads the row in the same statement. */
  async takeOver(key: PartitionKey): Promise<Ownership> {
    const row = await this.postgres
      .insertInto('partition_ownership')
      .values({ ...key, epoch: 1n, stored_to: 0n, origin_stored_to: -1n })
      .onConflict((conflict) =>
        conflict
          .columns(['cluster', 'topic', 'partition'])
          .doUpdateSet({ epoch: sql`partition_ownership.epoch + 1` }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    return {
      epoch: row.epoch,
      storedTo: row.stored_to,
      originStoredTo: row.origin_stored_to,
      plan: planOf(row),
    };
  }

  /**
   * Writes the plan down. False when the partition has another owner by now, or another plan: one whose statement its
   * client had given up. A statement that was held up until a later plan stands changes nothing, nor does one whose own
   * plan was finished meanwhile.
   */
  async writePlan(key: PartitionKey, epoch: bigint, plan: Plan): Promise<boolean> {
    const { numUpdatedRows } = await ownedRow(this.postgres, key, epoch)
      .where('stored_to', '<=', plan.first)
      .where((row) => row.or([row('plan_token', 'is', null), row('plan_token', '=', plan.token)]))
      .set({
        plan_first: plan.first,
        plan_last: plan.last,
        plan_token: plan.token,
        plan_counted: plan.counted,
        plan_set_aside: plan.setAside,
      })
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Moves the stored position and clears the plan, with the customers it brought. False when the partition has another owner. */
  async finishPlan(key: PartitionKey, epoch: bigint, stored: Stored): Promise<boolean> {
    return this.postgres.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await ownedRow(transaction, key, epoch)
        .set({
          stored_to: stored.storedTo,
          origin_stored_to: stored.originStoredTo,
          ...(stored.originAppendedAt === null
            ? {}
            : { origin_appended_at: stored.originAppendedAt }),
          plan_first: null,
          plan_last: null,
          plan_token: null,
          plan_counted: null,
          plan_set_aside: null,
        })
        .executeTakeFirst();
      if (numUpdatedRows !== 1n) return false;
      if (stored.customers.length > 0) await insertCustomers(transaction, stored.customers);
      return true;
    });
  }
}

function ownedRow(postgres: Postgres, key: PartitionKey, epoch: bigint) {
  return postgres
    .updateTable('partition_ownership')
    .where('cluster', '=', key.cluster)
    .where('topic', '=', key.topic)
    .where('partition', '=', key.partition)
    .where('epoch', '=', epoch);
}

/** Sorted, so that two partitions that bring the same customers cannot wait for each other. */
async function insertCustomers(
  transaction: Postgres,
  customers: { project: string; id: string }[],
): Promise<void> {
  const projects = customers.map(({ project }) => project);
  const ids = customers.map(({ id }) => id);
  await sql`
    INSERT INTO customers (project, id)
    SELECT seen.project, seen.id FROM unnest(${projects}::text[], ${ids}::text[]) AS seen (project, id)
    JOIN projects ON projects.id = seen.project
    ORDER BY seen.project, seen.id
    ON CONFLICT DO NOTHING`.execute(transaction);
}

function planOf(row: PartitionOwnershipTable): Plan | null {
  if (row.plan_first === null || row.plan_last === null || row.plan_token === null) return null;
  return {
    first: row.plan_first,
    last: row.plan_last,
    token: row.plan_token,
    counted: row.plan_counted ?? 0,
    setAside: row.plan_set_aside ?? 0,
  };
}
