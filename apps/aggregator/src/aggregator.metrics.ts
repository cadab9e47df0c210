import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from '#platform';
import type { DecidedItems } from './deciding/steps/decide-items.js';

/** Every metric that this stage emits. */
@Injectable()
export class AggregatorMetrics {
  private readonly decided = new Counter({
    name: 'aggregator_decided_items_total',
    help: 'Items decided, by outcome: counted, repeat, conflict, quarantined',
    labelNames: ['outcome'],
  });
  readonly redelivered = new Counter({
    name: 'aggregator_redelivered_records_total',
    help: 'Records dropped because their position was decided before',
  });
  readonly lookedUp = new Counter({
    name: 'aggregator_looked_up_identities_total',
    help: 'Identities that were asked of ClickHouse, because the filter of their partition could not say that they are new',
  });
  readonly filtersLoading = new Gauge({
    name: 'aggregator_filters_loading',
    help: 'Partitions whose filter of known identities is being filled',
  });
  readonly positionsLost = new Counter({
    name: 'aggregator_positions_lost_total',
    help: 'Positions that are gone from the log undecided: an alarm at any value above 0',
  });
  readonly ownershipLost = new Counter({
    name: 'aggregator_ownership_lost_total',
    help: 'Writes refused because the partition had another owner',
  });
  readonly plansStored = new Counter({
    name: 'aggregator_stored_plans_total',
    help: 'Plans stored, by whether they were stored at their first try or read back',
    labelNames: ['way'],
  });
  readonly mended = new Counter({
    name: 'aggregator_mended_rows_total',
    help: 'Rows that reading back found missing and sent again, by table',
    labelNames: ['table'],
  });
  readonly rollupCorrections = new Counter({
    name: 'aggregator_rollup_corrections_total',
    help: 'Rollup slices that differed from usage_raw and were corrected: an alarm outside a recovery',
  });
  readonly repeatedRows = new Counter({
    name: 'aggregator_repeated_rows_total',
    help: 'Rows of usage_raw beyond the first of their event, found by the audit and taken out: an alarm at any value above 0',
  });
  readonly noticesWithheld = new Counter({
    name: 'aggregator_withheld_notices_total',
    help: 'Occasions to tell a project of an unpriced model or of quarantine that were passed over: it had too many that day',
  });
  readonly alertsSetAside = new Counter({
    name: 'aggregator_set_aside_alerts_total',
    help: 'Alerts that can never be raised, kept in alerts_set_aside: an alarm at any value above 0',
  });
  readonly redisEvicts = new Gauge({
    name: 'aggregator_redis_evicts',
    help: '1 while the eviction policy of Redis is not noeviction, so that counters may be zeroed: an alarm',
  });
  readonly refusedCounters = new Counter({
    name: 'aggregator_refused_counters_total',
    help: 'Amounts not counted because a window of a watch holds as many counters as it may, or a counter as much as it can: an alarm at any value above 0',
  });
  readonly countingFaults = new Counter({
    name: 'aggregator_counting_faults_total',
    help: 'Times a project could not be counted with every store there: an alarm at any value above 0',
  });
  readonly passedOver = new Counter({
    name: 'aggregator_projects_passed_over_total',
    help: 'Times the counting of a project was put off because it could not be counted, or others waited for it',
  });
  readonly seedingFaults = new Counter({
    name: 'aggregator_seeding_faults_total',
    help: 'Times stored usage could not be added to the counters of a project; it is tried again in smaller slices',
  });
  readonly seedingWatches = new Gauge({
    name: 'aggregator_seeding_watches',
    help: 'Watches that do not hold all stored usage yet, over the partitions that are owned',
  });
  readonly watchFaults = new Counter({
    name: 'aggregator_watch_faults_total',
    help: 'Times a watch was passed over when breaches or overruns were looked for: an alarm at any value above 0',
  });
  readonly watchesSetAside = new Gauge({
    name: 'aggregator_watches_set_aside',
    help: 'Budgets and rates that cannot be computed and count nothing: an alarm at any value above 0',
  });
  readonly storeSeconds = new Histogram({
    name: 'aggregator_store_seconds',
    help: 'Time to store one plan, in seconds',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  readonly waitingRows = new Gauge({
    name: 'aggregator_waiting_rows',
    help: 'Rows decided and not yet stored',
  });
  readonly waitingBytes = new Gauge({
    name: 'aggregator_waiting_bytes',
    help: 'Bytes of the records whose rows are decided and not stored',
  });
  readonly pacedProjects = new Gauge({
    name: 'aggregator_paced_projects',
    help: 'Projects that may send only so many events a second, because they keep others waiting',
  });

  countDecided({ counted, setAside }: DecidedItems): void {
    if (counted.length > 0) this.decided.inc({ outcome: 'counted' }, counted.length);
    for (const { decidedAs } of setAside) this.decided.inc({ outcome: decidedAs });
  }
}
