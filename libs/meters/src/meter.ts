import type { PricedUsage } from '#contracts';
import type { Aggregation, UsageSample } from './aggregations/aggregation.js';
import { EVERY_EVENT, type EventFilter } from './event-filter.js';
import type { EventValue, StatementParameters } from './event-value.js';
import type { Unit } from './unit.js';

/** A number of every event that the filter lets through, brought together in one way, in one unit. */
export interface MeterParts<Read> {
  filter: EventFilter;
  value: EventValue<Read>;
  aggregation: Aggregation<Read>;
  unit: Unit;
}

/** A meter made ready to count with. Whoever knows a measure by its name takes it from `METERS`. */
export interface Meter extends Pick<MeterParts<never>, 'filter' | 'unit'> {
  value: EventValue<unknown>;
  aggregation: Pick<Aggregation<never>, 'measure' | 'judged' | 'levelOf'>;
  /** What an event adds to a counter; null where the filter holds it back. */
  sample(event: PricedUsage): UsageSample | null;
  /** The same in SQL over a row of `usage_raw` that meets the filter. */
  sampleSql(parameters: StatementParameters): { amount: string; bin: string | null };
  /** SQL: the exact level of many events; null of what adds up. */
  exactSql(parameters: StatementParameters): string | null;
}

export function meter<Read>(parts: MeterParts<Read>): Meter {
  const { filter, value, aggregation } = parts;
  const sample = aggregation.sampler(value.read);
  return {
    ...parts,
    sample:
      filter === EVERY_EVENT ? sample : (event) => (filter.matches(event) ? sample(event) : null),
    sampleSql: (parameters) => aggregation.sampleSql(value.sql(parameters)),
    exactSql: (parameters) => aggregation.exactSql?.(value.sql(parameters)) ?? null,
  };
}
