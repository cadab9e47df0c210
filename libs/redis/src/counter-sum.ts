import { amountOf } from './two-limbs.js';

/** What a counter holds, in one window or summed over several. */
export interface CounterSum {
  /** Pico-dollars of cost, else whole counts; of an error share, the errors. */
  amount: bigint;
  /** Of rates; 0 where they are not counted. */
  events: number;
  /** Of latencies: events by bin. */
  bins: Map<number, number>;
}

export function noSum(): CounterSum {
  return { amount: 0n, events: 0, bins: new Map() };
}

/** Adds a stored value: `<trillions>:<rest>`, and of rates `:<events>:<bin>=<count>,...` behind it. */
export function addValue(sum: CounterSum, value: string): void {
  const [, , events = '', bins = ''] = value.split(':');
  sum.amount += amountOf(value);
  sum.events += Number(events);
  for (const [, bin, count] of bins.matchAll(/(\d+)=(\d+)/g))
    sum.bins.set(Number(bin), (sum.bins.get(Number(bin)) ?? 0) + Number(count));
}
