import type { PricedUsage, UsageField } from '#contracts';
import { picoFromDecimal } from '#money';

/** Parameters of a statement; an expression that carries a caller's text puts it here and refers to it. */
export type StatementParameters = Record<string, unknown>;

/** What a meter reads from an event: in TypeScript and, beside it, in SQL over a row of `usage_raw`. */
export interface EventValue<Read> {
  /** What adds up is a `bigint` in whole units of the meter, a level such as a time a `number`. */
  read: (event: PricedUsage) => Read;
  /** What adds up is an Int128, or a decimal of US dollars. */
  sql(parameters: StatementParameters): string;
}

/** Pico-dollars: what is not priced adds nothing. */
export const COST: EventValue<bigint> = {
  read: ({ cost }) => (cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n),
  sql: () => 'cost',
};

export const ONE: EventValue<bigint> = { read: () => 1n, sql: () => 'toInt128(1)' };

/** An event that does not say is one request. */
export const REQUESTS: EventValue<bigint> = {
  read: ({ usage }) => BigInt(usage.requests ?? 1),
  sql: () => 'toInt128(requests)',
};

/** Input plus output: the other counts of tokens lie inside these. */
export const TOKENS: EventValue<bigint> = {
  read: ({ usage }) => BigInt(usage.input_tokens ?? 0) + BigInt(usage.output_tokens ?? 0),
  sql: () => 'toInt128(input_tokens) + toInt128(output_tokens)',
};

/** One count of the usage vector; what was not reported is zero. */
export function countOf(field: UsageField): EventValue<bigint> {
  return {
    read: ({ usage }) => BigInt(usage[field] ?? 0),
    sql: (parameters) => {
      parameters['field'] = field;
      return 'toInt128(usage[{field:String}])';
    },
  };
}

/** 1 for an event that failed, else 0. */
export const FAILED: EventValue<bigint> = {
  read: ({ status }) => (status === 'error' ? 1n : 0n),
  sql: () => `toInt128(ifNull(status, '') = 'error')`,
};

/** Of events that have one. */
export const LATENCY_MS: EventValue<number> = {
  read: ({ latency_ms }) => latency_ms!,
  sql: () => 'assumeNotNull(latency_ms)',
};
