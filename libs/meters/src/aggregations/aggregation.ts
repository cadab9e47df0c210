import type { PricedUsage } from '#contracts';
import type { Unit } from '../unit.js';

/** What an event adds to a counter. */
export interface UsageSample {
  /** In whole units of the meter; of a share, the events that are in it. */
  amount: bigint;
  /** Its bin in a histogram of latencies; null unless the meter is a percentile. */
  latencyBin: number | null;
}

/** What a counter holds over its window or span. */
export interface CounterSum {
  amount: bigint;
  events: number;
  bins: ReadonlyMap<number, number>;
}

/** What stored usage of one hour gave. */
export interface HourSum {
  amount: bigint;
  events: number;
  /** 0 unless the meter is a percentile. */
  latencyMs: number;
}

/** How a counter is held against a bound: see the script that judges. */
export type JudgedBy = { by: 'amount' } | { by: 'share' } | { by: 'latency'; percentile: number };

/** How the values of many events become one number: each part in TypeScript and, beside it, in SQL. */
export interface Aggregation<Read> {
  /** Made once for each meter: every event passes through it, for each measure that is watched. */
  sampler(read: (event: PricedUsage) => Read): (event: PricedUsage) => UsageSample;
  /** Of a value as an expression; without a `bin` there is no histogram. */
  sampleSql(value: string): { amount: string; bin: string | null };
  /** What a counter stands at, as a decimal string; null where no events say nothing. */
  measure(sum: CounterSum, unit: Unit): string | null;
  judged: JudgedBy;
  /** The level of an hour, which no length of time scales; null of what adds up. */
  levelOf: ((hour: HourSum) => number) | null;
  /** SQL: the exact level of many values, where a counter's is not. */
  exactSql: ((value: string) => string) | null;
}
