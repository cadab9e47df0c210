import { Inject, Injectable } from '@nestjs/common';
import type { PlanExtent, UsageRow } from '#clickhouse';
import { Clock, failpoint, LOGGER, type Logger } from '#platform';
import type { Plan } from '#postgres';
import { NoticeRaising } from './alerting/notice-raising.js';
import { noticesOf } from './alerting/notices-of-rows.js';
import { AGGREGATOR_PORTS, type AggregatorPorts, type InsertTokens } from './aggregator.ports.js';
import { AggregatorMetrics } from './aggregator.metrics.js';
import type { PartitionStream, PlanRows } from './partition-stream.js';
import { RollupAudit } from './rollup-audit.js';
import { extentOf, setAsideExtentOf } from './steps/plan-extent.js';

const MENDING_TRIES_MAX = 5;

/** The only place of this stage that writes. Five writes a plan, in this order. */
@Injectable()
export class AggregatorSink {
  constructor(
    @Inject(AGGREGATOR_PORTS) private readonly ports: AggregatorPorts,
    private readonly rollups: RollupAudit,
    private readonly notices: NoticeRaising,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Stores the next plan of a partition, or the one under way, and returns the offset that everything before is stored;
   * null when the partition has another owner by now. A throw is an outage: the plan stands and is stored at the next try.
   */
  async store(stream: PartitionStream): Promise<bigint | null> {
    const stopTimer = this.metrics.storeSeconds.startTimer();
    // 1. The plan: what the insert is going to hold, so that whoever comes after repeats the very same insert.
    const plan = stream.plan?.plan ?? stream.nextPlan(this.ports.bounds.planRowsMax);
    if (plan === null) return stream.decidedTo;
    const unsure = stream.plan !== null;
    const rows = rowsMatching(stream, plan);
    if (!unsure && !(await this.ports.ownership.writePlan(stream.key, stream.epoch, plan)))
      return null;
    failpoint('aggregator.after_plan');
    stream.plan = { plan, unsure: true };

    // 2. The rows, under the plan's token: repeating stores nothing more. Views fill identities and rollups.
    await this.ports.lock.shared(() =>
      this.insert(rows, { token: plan.token, planToken: plan.token }),
    );
    failpoint('aggregator.after_insert');

    // 2b. Only an insert answered OK at its first try, in a plan that this process wrote, is known to be whole.
    if (unsure) {
      await this.rollups.inQuiet(() => this.readBack(plan, rows));
      failpoint('aggregator.after_read_back');
    }

    // 3. Notices of what is unpriced or quarantined, before nobody reads these rows again; an id takes up a second raise.
    await this.notices.raise(noticesOf(rows, this.clock.now()));
    failpoint('aggregator.after_notices');

    // 4. The finish: the position moves and the plan goes, in one statement that only the owner's epoch can make.
    const stored = stream.storedBy(plan);
    if (!(await this.ports.ownership.finishPlan(stream.key, stream.epoch, stored))) return null;
    failpoint('aggregator.after_finish');
    stream.release(plan, this.clock.now());
    this.metrics.plansStored.inc({ way: unsure ? 'read_back' : 'first_try' });
    stopTimer();
    // 5. The offset in Kafka follows, for monitoring: the caller commits it.
    return stored.storedTo;
  }

  private async insert({ counted, setAside }: PlanRows, tokens: InsertTokens): Promise<void> {
    if (counted.length > 0) await this.ports.store.insertRaw(counted, tokens);
    failpoint('aggregator.between_inserts');
    if (setAside.length > 0) await this.ports.store.insertSetAside(setAside, tokens);
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
      if (missing.length > 0) await this.ports.store.insertRaw(missing, tokens);
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
      if (missing.length > 0) await this.ports.store.insertSetAside(missing, tokens);
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
      if (missing.length > 0) await this.ports.store.insertIdentities(missing, tokens);
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
function rowsMatching(stream: PartitionStream, plan: Plan): PlanRows {
  const rows = stream.rowsOf(plan);
  if (rows.counted.length !== plan.counted || rows.setAside.length !== plan.setAside) {
    throw new Error(
      `plan ${plan.token} was written for ${plan.counted} + ${plan.setAside} rows and finds ${rows.counted.length} + ${rows.setAside.length}`,
    );
  }
  return rows;
}

function slicesOf(counted: UsageRow[]): { fromDay: string; toDay: string; projects: string[] } {
  const days = counted.map(({ usage }) => usage.event_time.slice(0, 10)).sort();
  return {
    fromDay: days[0]!,
    toDay: days.at(-1)!,
    projects: [...new Set(counted.map(({ usage }) => usage.project))],
  };
}
