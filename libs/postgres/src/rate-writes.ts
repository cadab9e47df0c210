import { type NewRate, type RateChange, RATES } from './rates.js';
import { watchWrites } from './watch-writes.js';

export const RateWrites = watchWrites({
  ...RATES,
  rowOf: ({ on, limit, scope, ...columns }: NewRate) => ({
    ...columns,
    measure: on,
    limit_amount: limit,
    scope: JSON.stringify(scope),
  }),
  columnsOf: ({ limit, ...columns }: RateChange) => ({
    ...columns,
    ...(limit === undefined ? {} : { limit_amount: limit }),
  }),
});
