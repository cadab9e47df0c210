import { USAGE_FIELDS, type UsageField } from '#contracts';
import { percentile } from './aggregations/percentile.js';
import { SHARE_OF_EVENTS } from './aggregations/share.js';
import { SUM } from './aggregations/sum.js';
import { EVERY_EVENT, UNPRICED, WITH_LATENCY } from './event-filter.js';
import { COST, countOf, FAILED, LATENCY_MS, ONE, REQUESTS, TOKENS } from './event-value.js';
import { type Meter, meter } from './meter.js';
import { COUNT, MILLISECONDS, SHARE, US_DOLLARS } from './unit.js';

/** Watched by budgets and rates. */
const COUNTED = {
  cost: meter({ filter: EVERY_EVENT, value: COST, aggregation: SUM, unit: US_DOLLARS }),
  tokens: meter({ filter: EVERY_EVENT, value: TOKENS, aggregation: SUM, unit: COUNT }),
  requests: meter({ filter: EVERY_EVENT, value: REQUESTS, aggregation: SUM, unit: COUNT }),
  events: meter({ filter: EVERY_EVENT, value: ONE, aggregation: SUM, unit: COUNT }),
};

const latency = (share: number): Meter =>
  meter({
    filter: WITH_LATENCY,
    value: LATENCY_MS,
    aggregation: percentile(share),
    unit: MILLISECONDS,
  });

/** Watched by rates alone: no sum, so nothing that could be spent. */
const LEVELS = {
  errors: meter({
    filter: EVERY_EVENT,
    value: FAILED,
    aggregation: SHARE_OF_EVENTS,
    unit: SHARE,
  }),
  latency_p50: latency(0.5),
  latency_p95: latency(0.95),
  latency_p99: latency(0.99),
};

/** Watched by budgets alone: a field of the usage vector counts that field. */
const FIELDS = Object.fromEntries(
  USAGE_FIELDS.map((field) => [
    field,
    meter({ filter: EVERY_EVENT, value: countOf(field), aggregation: SUM, unit: COUNT }),
  ]),
) as Record<UsageField, Meter>;

/** Shown and watched by nobody. */
const SHOWN = {
  unpriced_events: meter({ filter: UNPRICED, value: ONE, aggregation: SUM, unit: COUNT }),
};

/** Every measure by its name: the one place that says what a name means. */
export const METERS = { ...FIELDS, ...COUNTED, ...LEVELS, ...SHOWN };

export type MeterName = keyof typeof METERS;
export type BudgetMeasure = keyof typeof COUNTED | keyof typeof FIELDS;
export type RateMeasure = keyof typeof COUNTED | keyof typeof LEVELS;

const namesOf = <Name extends string>(meters: Record<Name, Meter>) => Object.keys(meters) as Name[];

export const BUDGET_MEASURES: readonly BudgetMeasure[] = namesOf({ ...COUNTED, ...FIELDS });
export const RATE_MEASURES: readonly RateMeasure[] = namesOf({ ...COUNTED, ...LEVELS });

/** What an amount of one of these is, for a person. */
export function amountDescription(measures: readonly MeterName[]): string {
  const units = new Set(measures.map((name) => METERS[name].unit));
  units.delete(COUNT);
  const others = [...units].map(({ description }) => description);
  return `A decimal string: ${[...others, `else ${COUNT.description}`].join(', ')}.`;
}
