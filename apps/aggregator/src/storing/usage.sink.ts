import type { PlanExtent, SetAsideRow, UsageRow } from '#clickhouse';
import { type Clock, failpoint, type Logger } from '#platform';
import type { PartitionKey, Plan, Stored } from '#postgres';
import type { AggregatorMetrics } from '../aggregator.metrics.js';
import type { PlanRows } from '../partitions/partition-stream.js';
import type { RollupAudit } from './rollup-audit.js';
import type { RollupsSink } from './rollups.sink.js';
import { extentOf, setAsideExtentOf, slicesOf } from './steps/plan-extent.js';
import type { StoredStream, StoringPorts } from './storing.ports.js';

/** A deduplication token, and the plan whose rows these are. */
export interface InsertTokens {
  token: string;
  planToken: string;
}

/**
 * The usage tables of ClickHouse, where an insert that rejects may have stored anything from nothing to all; and the row
 * of PostgreSQL that says who owns a partition: `false` means somebody else by now.
 */
export interface UsageWritePort {
  writePlan(key: PartitionKey, epoch: bigint, plan: Plan): Promise<boolean>;
  finishPlan(key: PartitionKey, epoch: bigint, stored: Stored): Promise<boolean>;
  insertRaw(rows: UsageRow[], tokens: InsertTokens): Promise<void>;
  insertSetAside(rows: SetAsideRow[], tokens: InsertTokens): Promise<void>;
  insertIdentities(rows: UsageRow[], tokens: InsertTokens): Promise<void>;
}

const MENDING_TRIES_MAX = 5;

/** The only place that stores usage. Five writes a plan, in this order. */
export class UsageSink {
  constructor(
    private readonly ports: Pick<StoringPorts, 'bounds' | 'lock' | 'notices' | 'store'>,
    private readonly usage: UsageWritePort,
    private readonly audit: RollupAudit,
    private readonly rollups: RollupsSink,
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
    // 1. The plan: what the insert is going to hold, so that whoever comes after repeats the very same insert.
    const plan = stream.plan?.plan ?? stream.nextPlan(this.ports.bounds.planRowsMax);
    if (plan === null) return stream.decidedTo;
    const unsure = stream.plan !== null;
    const rows = rowsMatching(stream, plan);
    if (!unsure && !(await this.usage.writePlan(stream.key, stream.epoch, plan))) return null;
    failpoint('aggregator.after_plan');
    stream.begin(plan);

    // 2. The rows, under the plan's token: repeating stores nothing more. Views fill identities and rollups.
    await this.ports.lock.shared(() =>
      this.insert(rows, { token: plan.token, planToken: plan.token }),
    );
    failpoint('aggregator.after_insert');

    // 2b. Only an insert answered OK at its first try, in a plan that this process wrote, is known to be whole.
    if (unsure) {
      await this.audit.inQuiet(() => this.readBack(plan, rows));
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

  private async insert({ counted, setAside }: PlanRows, tokens: InsertTokens): Promise<void> {
    if (counted.length > 0) await this.usage.insertRaw(counted, tokens);
    failpoint('aggregator.between_inserts');
    if (setAside.length > 0) await this.usage.insertSetAside(setAside, tokens);
  }

  /**
   * Makes sure of a plan whose insert may have been cut. ClickHouse notes a token before the part is in place: killed
   * between the two it answers OK to every repeat and stores nothing, for the source and for each view by itself.
   */
  private async readBack(plan: Plan, rows: PlanRows): Promise<void> {
    await this.mendRaw(plan, rows.counted);
    await this.mendSetAside(plan, rows.setAside);
    await this.mendIdentities(plan, rows.counted);
    failpoint('aggregator.before_rollups');
    if (rows.counted.length > 0) await this.rollups.correct(slicesOf(rows.counted));
  }

  private mendRaw(plan: Plan, counted: UsageRow[]): Promise<void> {
    return this.mend('usage_raw', plan, async (tokens) => {
      if (counted.length === 0) return 0;
      const stored = await this.ports.store.rawPositions(extentOf(plan.token, counted));
      const missing = counted.filter(
        ({ origin, index }) => !stored.has(`${origin.offset}:${index}`),
      );
      if (missing.length > 0) await this.usage.insertRaw(missing, tokens);
      return missing.length;
    });
  }

  private mendSetAside(plan: Plan, setAside: PlanRows['setAside']): Promise<void> {
    return this.mend('usage_set_aside', plan, async (tokens) => {
      if (setAside.length === 0) return 0;
      const extent: PlanExtent = setAsideExtentOf(plan.token, setAside);
      const stored = await this.ports.store.setAsidePositions(extent);
      const missing = setAside.filter(
        ({ origin, index }) => !stored.has(`${origin.offset}:${index}`),
      );
      if (missing.length > 0) await this.usage.insertSetAside(missing, tokens);
      return missing.length;
    });
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
    sendMissing: (tokens: InsertTokens) => Promise<number>,
  ): Promise<void> {
    for (let attempt = 2; attempt < 2 + MENDING_TRIES_MAX; attempt++) {
      const token = `${plan.token}.${attempt}`;
      const missing = await sendMissing({ token, planToken: plan.token });
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
