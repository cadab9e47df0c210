import type { InsertTokens, SetAsideRow, UsageRow } from '#clickhouse';
import { type Clock, failpoint, type Logger } from '#platform';
import type { PartitionKey, Plan, Stored } from '#postgres';
import type { AggregatorMetrics } from '../aggregator.metrics.js';
import type { PlanRows } from '../partitions/partition-stream.js';
import type { RollupAudit } from './rollup-audit.js';
import { setAsideExtentOf, slicesOf } from './steps/plan-extent.js';
import type { StoredStream, StoringPorts } from './storing.ports.js';

/** No insert is sent here without a moment after which the server refuses it. */
export type TimedTokens = Required<InsertTokens>;

/**
 * The usage tables of ClickHouse, where an insert that rejects may have stored anything from nothing to all; and the row
 * of PostgreSQL that says who owns a partition: `false` means somebody else by now.
 */
export interface UsageWritePort {
  writePlan(key: PartitionKey, epoch: bigint, plan: Plan): Promise<boolean>;
  finishPlan(key: PartitionKey, epoch: bigint, stored: Stored): Promise<boolean>;
  insertRaw(rows: UsageRow[], tokens: TimedTokens): Promise<void>;
  insertSetAside(rows: SetAsideRow[], tokens: TimedTokens): Promise<void>;
  insertIdentities(rows: UsageRow[], tokens: TimedTokens): Promise<void>;
}

const MENDING_TRIES_MAX = 5;

/** The only place that stores usage. Five writes a plan, in this order. */
export class UsageSink {
  constructor(
    private readonly ports: Pick<StoringPorts, 'bounds' | 'lock' | 'notices' | 'store'>,
    private readonly usage: UsageWritePort,
    private readonly audit: RollupAudit,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    private readonly logger: Logger,
  ) {}

  /**
   * Stores the next plan of a partition, or the one under way, and returns the offset that everything before is stored;
   * null when the partition has another owner by now. A throw is an outage: the plan stands and is stored at the next try.
   */
  async store(stream: StoredStream): Promise<bigint | null> {
    const stopTimer = this.metrics.storeSeconds.startTimer();
    const plan = stream.plan?.plan ?? stream.nextPlan(this.ports.bounds.planRowsMax);
    if (plan === null) return stream.decidedTo;
    const unsure = stream.plan !== null;
    const rows = rowsMatching(stream, plan);
    const isOurs = await this.ports.lock.shared(() =>
      unsure ? this.insertMissing(plan, rows) : this.insertNew(stream, plan, rows),
    );
    if (!isOurs) return null;
    failpoint('aggregator.after_insert');

    // 2b. Only an insert answered OK at its first try, in a plan that this process wrote, is known to be whole.
    if (unsure) {
      await this.readBack(plan, rows);
      failpoint('aggregator.after_read_back');
    }

    // 3. Notices of what is unpriced or quarantined, before nobody reads these rows again; an id takes up a second raise.
    await this.ports.notices.raiseFor(rows, this.clock.now());
    failpoint('aggregator.after_notices');

    // 4. The finish: the position moves and the plan goes, in one statement that only the owner's epoch can make.
    const stored = stream.storedBy(plan);
    if (!(await this.usage.finishPlan(stream.key, stream.epoch, stored))) return null;
    failpoint('aggregator.after_finish');
    stream.release(plan, this.clock.now());
    this.metrics.plansStored.inc({ way: unsure ? 'read_back' : 'first_try' });
    stopTimer();
    // 5. The offset in Kafka follows, for monitoring: the caller commits it.
    return stored.storedTo;
  }

  /** False when the partition has another owner by now. */
  private async insertNew(stream: StoredStream, plan: Plan, rows: PlanRows): Promise<boolean> {
    const untilMs = await this.ports.store.insertUntilMs();
    // 1. The plan: what the insert is going to hold, so that whoever comes after repeats the very same insert.
    if (!(await this.usage.writePlan(stream.key, stream.epoch, plan))) return false;
    failpoint('aggregator.after_plan');
    stream.begin(plan);
    // 2. The rows, under the plan's token: repeating stores nothing more. Views fill identities and rollups.
    await this.insert(rows, { token: plan.token, planToken: plan.token, untilMs });
    return true;
  }

  /**
   * 2. again, in a plan that somebody began: the rows that are not there, under the same token, since its first insert may be
   * under way. What is there is not sent again: nobody knows how long ago that was, and whether its token is still remembered.
   */
  private async insertMissing(plan: Plan, { counted, setAside }: PlanRows): Promise<boolean> {
    const untilMs = await this.ports.store.insertUntilMs();
    const missing = {
      counted: await this.missingOfRaw(plan, counted),
      setAside: await this.missingOfSetAside(plan, setAside),
    };
    await this.insert(missing, { token: plan.token, planToken: plan.token, untilMs });
    return true;
  }

  private async insert({ counted, setAside }: PlanRows, tokens: TimedTokens): Promise<void> {
    if (counted.length > 0) await this.usage.insertRaw(counted, tokens);
    failpoint('aggregator.between_inserts');
    if (setAside.length > 0) await this.usage.insertSetAside(setAside, tokens);
  }

  /**
   * Makes sure of a plan whose insert may have been cut. ClickHouse notes a token before the part is in place: killed
   * between the two it answers OK to every repeat and stores nothing, for the source and for each view by itself.
   */
  private async readBack(plan: Plan, rows: PlanRows): Promise<void> {
    // What is under way now might yet store what is missing.
    await this.audit.inQuiet(async () => {
      await this.mendRaw(plan, rows.counted);
      await this.mendSetAside(plan, rows.setAside);
    });
    await this.mendIdentities(plan, rows.counted);
    failpoint('aggregator.before_rollups');
    await this.audit.correct(slicesOf(rows.counted));
  }

  private mendRaw(plan: Plan, counted: UsageRow[]): Promise<void> {
    return this.mend('usage_raw', plan, async (tokens) => {
      const missing = await this.missingOfRaw(plan, counted);
      if (missing.length > 0) await this.usage.insertRaw(missing, tokens);
      return missing.length;
    });
  }

  private mendSetAside(plan: Plan, setAside: PlanRows['setAside']): Promise<void> {
    return this.mend('usage_set_aside', plan, async (tokens) => {
      const missing = await this.missingOfSetAside(plan, setAside);
      if (missing.length > 0) await this.usage.insertSetAside(missing, tokens);
      return missing.length;
    });
  }

  private async missingOfRaw({ token }: Plan, counted: UsageRow[]): Promise<UsageRow[]> {
    if (counted.length === 0) return [];
    const stored = await this.ports.store.rawPositions(token, counted);
    return counted.filter(({ origin, index }) => !stored.has(`${origin.offset}:${index}`));
  }

  private async missingOfSetAside(
    { token }: Plan,
    setAside: SetAsideRow[],
  ): Promise<SetAsideRow[]> {
    if (setAside.length === 0) return [];
    const stored = await this.ports.store.setAsidePositions(setAsideExtentOf(token, setAside));
    return setAside.filter(({ origin, index }) => !stored.has(`${origin.offset}:${index}`));
  }

  private mendIdentities(plan: Plan, counted: UsageRow[]): Promise<void> {
    return this.mend('usage_identities', plan, async (tokens) => {
      if (counted.length === 0) return 0;
      const stored = await this.ports.store.findIdentities({
        partition: counted[0]!.origin.partition,
        identities: counted.map(({ usage }) => usage.identity),
        exceptPlan: null,
      });
      const missing = counted.filter(({ usage }) => !stored.has(usage.identity));
      if (missing.length > 0) await this.usage.insertIdentities(missing, tokens);
      return missing.length;
    });
  }

  /**
   * Sends what is missing under a new token until nothing is: the mending insert may be cut like the first.
   * The tokens count up from the same number at every try, so that one which is still under way is repeated and not doubled.
   */
  private async mend(
    table: string,
    plan: Plan,
    sendMissing: (tokens: TimedTokens) => Promise<number>,
  ): Promise<void> {
    for (let attempt = 2; attempt < 2 + MENDING_TRIES_MAX; attempt++) {
      const token = `${plan.token}.${attempt}`;
      const untilMs = await this.ports.store.insertUntilMs();
      const missing = await sendMissing({ token, planToken: plan.token, untilMs });
      if (missing === 0) return;
      this.metrics.mended.inc({ table }, missing);
      this.logger.warn(
        { table, plan: plan.token, missing },
        'rows of a cut insert were sent again',
      );
    }
    throw new Error(
      `${table}: rows of plan ${plan.token} are still missing after ${MENDING_TRIES_MAX} tries`,
    );
  }
}

/** A plan that was taken over must find the very rows it was written for: same order, same stored past, pure prices. */
function rowsMatching(stream: StoredStream, plan: Plan): PlanRows {
  const rows = stream.rowsOf(plan);
  if (rows.counted.length !== plan.counted || rows.setAside.length !== plan.setAside) {
    throw new Error(
      `plan ${plan.token} was written for ${plan.counted} + ${plan.setAside} rows and finds ${rows.counted.length} + ${rows.setAside.length}`,
    );
  }
  return rows;
}
