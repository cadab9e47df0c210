import type { Platform } from '../../dev/platform/platform.js';
import { dollars, type ExpectedEvent, picoOf } from '#testing';
import { runProgram } from '../e2e/run-program.js';

const LEFT_OVER = 4;
const PICO_PER_CENT = 10_000_000_000n;

/** What a bill says of a customer, as far as the demo project's markup of 1 and the prices decide it. */
export interface BilledCustomer {
  customer: string | null;
  cost: string;
  /** Exact cost by model. */
  lines: Record<string, string>;
  /** Whole cents a line. */
  amount: string;
  read_back: string | null;
  unbilled: string;
  unpriced_events: number;
}

interface BillReport {
  customers: (Omit<BilledCustomer, 'lines'> & { lines: { model: string; cost: string }[] })[];
  difference: string;
}

/** Runs `npm run bill` for the demo project. */
export async function billMonth(
  platform: Platform,
  month: string,
): Promise<{ customers: BilledCustomer[]; difference: string }> {
  const { engines, stripe } = platform.surroundings;
  const args = ['--period', month, '--early', '--json', '--project', platform.demoAccess.project];
  const { code, stdout, stderr } = await runProgram('apps/billing/src/bill.js', args, {
    KAFKA_BROKERS: engines.kafkaBrokers,
    DATABASE_URL: engines.databaseUrls.billing,
    CLICKHOUSE_URL: engines.clickhouseUrl,
    CLICKHOUSE_DATABASE: engines.clickhouseDatabase,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_URL: stripe.url ?? '',
  });
  // A month that is over is whole, and what has no price or no customer is left of it.
  if (code !== 0 && code !== LEFT_OVER)
    throw new Error(`billing ${month} ends with code ${code}: ${stderr}`);
  const { customers, difference } = JSON.parse(stdout) as BillReport;
  const billed = customers.map((each) => ({
    customer: each.customer,
    cost: each.cost,
    lines: Object.fromEntries(each.lines.map(({ model, cost }) => [model, cost])),
    amount: each.amount,
    read_back: each.read_back,
    unbilled: each.unbilled,
    unpriced_events: each.unpriced_events,
  }));
  return { customers: billed.sort(byCustomer), difference };
}

/** The bill worked out from what was sent: cost by model, rounded to cents once a line. */
export function expectedBill(events: readonly ExpectedEvent[], month: string): BilledCustomer[] {
  const ofMonth = events.filter(({ event_time }) => event_time.startsWith(month));
  const byCustomerName = Map.groupBy(ofMonth, ({ customer }) => customer);
  return [...byCustomerName].map(([customer, theirs]) => billOf(customer, theirs)).sort(byCustomer);
}

function billOf(customer: string | null, events: readonly ExpectedEvent[]): BilledCustomer {
  const known = events.filter(({ fate }) => fate !== 'unpriced');
  const byModel = Map.groupBy(known, ({ model }) => model);
  const costs = [...byModel].map(([model, theirs]) => [model, sumOf(theirs)] as const);
  const rounded = costs.reduce((sum, [, cost]) => sum + wholeCents(cost), 0n);
  const isBilled = customer !== null;
  return {
    customer,
    cost: dollars(sumOf(known)),
    lines: Object.fromEntries(costs.map(([model, cost]) => [model, dollars(cost)])),
    amount: dollars(isBilled ? rounded : 0n),
    read_back: isBilled ? dollars(rounded) : null,
    // Usage that names nobody can be charged to nobody.
    unbilled: isBilled ? '0' : dollars(sumOf(known)),
    unpriced_events: events.length - known.length,
  };
}

function sumOf(events: readonly ExpectedEvent[]): bigint {
  return events.reduce((sum, { cost }) => sum + picoOf(cost), 0n);
}

function wholeCents(pico: bigint): bigint {
  return ((pico + PICO_PER_CENT / 2n) / PICO_PER_CENT) * PICO_PER_CENT;
}

function byCustomer(a: BilledCustomer, b: BilledCustomer): number {
  return String(a.customer) < String(b.customer) ? -1 : 1;
}
