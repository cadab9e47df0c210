import { decimalOfShare } from '../unit.js';
import type { Aggregation } from './aggregation.js';
import { SUM } from './sum.js';

/** The ratio of the sum of values, 1 or 0 each, to all events. */
export const SHARE_OF_EVENTS: Aggregation<bigint> = {
  ...SUM,
  measure: ({ amount, events }) => (events === 0 ? null : decimalOfShare(amount, BigInt(events))),
  judged: { by: 'share' },
  levelOf: ({ amount, events }) => Number(amount) / events,
};
