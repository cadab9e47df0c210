import { BUCKETS_AHEAD, BUCKETS_OF_A_SPAN } from '#windows';
import { counterKeys } from './counter-keys.js';
import { limbsOf } from './two-limbs.js';

export interface Threshold {
  name: string;
  amount: bigint;
}

/** Counters of one sliding watch to hold against its bounds. */
export interface SlidingCheck {
  watchId: string;
  /** `<watch>:<definition>`, see `counterKeys`. */
  definition: string;
  bucketMs: number;
  /** The bucket that holds the present moment. */
  bucketStartMs: number;
  /** All of the project's partitions: only when each has brought its usage is a low sum a statement. */
  partitions: number;
  /** Whoever comes with a lower version than was seen does not judge. */
  version: number;
  /** When it changes, what is reached already is raised anew. */
  limitsArming: number;
  /** Amounts in units of the measure, a share from 0 to 1, or a percentile (0 to 1) in milliseconds. */
  measured:
    | { by: 'amount'; thresholds: Threshold[] }
    | { by: 'share'; bound: number | null }
    | { by: 'latency'; percentile: number; bound: number | null };
  /** The threshold whose end is a recovery. */
  boundName: string;
  /** The hour whose bounds earlier days gave; null when the watch has bounds of its own. */
  baselineHourMs: number | null;
  /** How much wider each bin of a histogram of latencies is than the one before. */
  binGrowth: number;
  eventsMin: number;
  /** The states of more counters than this are refused and reported. */
  keysMax: number;
  /** JSON of whatever an alert needs to know of the watch. */
  watch: string;
  /** `key` is canonical JSON of the counter key. */
  counters: { key: string; eventTime: string }[];
}

/** As `sliding.lua` reads it: a member that is missing is no `null` there. */
export function slidingPayload(project: string, check: SlidingCheck): object {
  const { measured, boundName: name, definition, baselineHourMs } = check;
  const thresholds =
    measured.by === 'amount'
      ? measured.thresholds.map((one) => [one.name, ...limbsOf(one.amount)])
      : measured.bound === null
        ? []
        : [[name, measured.bound]];
  return {
    id: check.watchId,
    definition,
    buckets: counterKeys.counters(project, definition, ''),
    states: counterKeys.states(project, check.watchId),
    seeded: counterKeys.seeded(project, ''),
    behind: counterKeys.behind(project),
    ...(baselineHourMs === null
      ? {}
      : { baseline: counterKeys.baseline(project, definition, baselineHourMs) }),
    bucket_ms: check.bucketMs,
    bucket: check.bucketStartMs / check.bucketMs,
    buckets_of_a_span: BUCKETS_OF_A_SPAN,
    buckets_ahead: BUCKETS_AHEAD,
    partitions: check.partitions,
    version: check.version,
    limits_arming: check.limitsArming,
    by: measured.by,
    ...(measured.by === 'latency' ? { percentile: measured.percentile } : {}),
    thresholds,
    bound_name: name,
    growth: check.binGrowth,
    events_min: check.eventsMin,
    keys_max: check.keysMax,
    watch: check.watch,
    counters: check.counters.map(({ key, eventTime }) => [key, eventTime]),
  };
}
