import type { PricedUsage } from '#contracts';

/** Which events a meter looks at: in TypeScript and, beside it, in SQL over a row of `usage_raw`. */
export interface EventFilter {
  matches(event: PricedUsage): boolean;
  /** Conditions that all hold. */
  sql: readonly string[];
}

export const EVERY_EVENT: EventFilter = { matches: () => true, sql: [] };

export const WITH_LATENCY: EventFilter = {
  matches: ({ latency_ms }) => latency_ms !== null,
  sql: ['isNotNull(latency_ms)'],
};

export const UNPRICED: EventFilter = {
  matches: ({ cost }) => cost.state === 'unpriced',
  sql: [`cost_state = 'unpriced'`],
};
