/**
 * About what the longest test files take at rest, on two cores. Only the order of files and their shares follow from it, so
 * that a number that is wrong costs some seconds and no test.
 */
const FILE_SECONDS: Readonly<Record<string, number>> = {
  'test/faults/failpoints': 227,
  'test/faults/two-owners': 120,
  'test/integration/billing-faults': 114,
  'test/faults/random-kills': 85,
  'test/faults/clusters': 85,
  'test/faults/erasure-killed': 72,
  'test/faults/redis-lost': 70,
  'test/faults/backlog-killed': 66,
  'test/invariants/thousand-budgets': 65,
  'test/invariants/twenty-thousand-events': 60,
  'test/simulation/exactly-once': 60,
  'test/simulation/exactly-once-even': 60,
  'test/faults/endurance': 47,
  'test/faults/cut-insert': 40,
  'test/faults/pricing-killed-at-every-step': 40,
  'test/integration/billing-month': 40,
  'test/e2e/killed-start': 35,
  'test/integration/billing-corrections': 31,
  'test/e2e/bill': 30,
  'test/e2e/events': 25,
  'test/e2e/price-changes': 25,
  'test/e2e/budget-standings': 25,
  'test/faults/anomalies-killed': 25,
  'test/e2e/affordai': 20,
  'test/integration/console-usage': 16,
  'test/integration/notifier-crash': 15,
  'libs/clickhouse/src/usage-sums': 13,
  'test/e2e/old-data-folder': 12,
  'libs/clickhouse/src/meter-sums': 11,
  'libs/kafka/src/rebalance': 10,
  'test/integration/billing-refusals': 9,
  'test/integration/setup': 8,
  'libs/kafka/src/batch-server': 7,
  'libs/clickhouse/src/migrate': 7,
};

const OTHERS = 3;

/** @param path of a built test file */
export function secondsOf(path: string): number {
  const name = /\/dist\/(.+?)[.](engine[.])?(test|spec)[.]js$/.exec(path)?.[1] ?? '';
  return FILE_SECONDS[name] ?? OTHERS;
}
