import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import { connectPostgres, type Postgres } from '#postgres';
import { BudgetWrites, ProjectWrites } from '#postgres/writes';
import { connectRedis, type Redis } from '#redis';
import type { Platform } from '../../dev/platform/platform.js';
import { type Figure, median, until } from '../measure.js';
import { recordEvents } from '../pipeline/recorded-load.js';
import { type Rates, ratesOf, recordsIn, storedRows } from '../pipeline/stage-progress.js';
import { assertCountersRight, isSeeded } from './budget-counters.js';
import { CUSTOMERS, thousandBudgets } from './thousand-budgets.js';

/** ProjectWrites of the same load: one that nobody watches, and one with a thousand budgets. */
const PLAIN = 'bench-plain';
const WATCHED = 'bench-watched';
const EVENTS_A_ROUND = 80_000;
const ROUNDS = 5;
const PRICED_MS_MAX = 120_000;
const SEEDED_MS_MAX = 60_000;

/**
 * Aggregation of a project with a thousand budgets against one with none, round about in one run. Every event must be stored
 * and every counter of every budget equal what ClickHouse sums, or it throws.
 */
export async function benchBudgets(platform: Platform): Promise<Figure[]> {
  const { kafkaBrokers, clickhouseUrl, clickhouseDatabase, databaseUrl, redisUrl } =
    platform.surroundings.engines;
  const logger = createLogger('bench', 'silent');
  const view = new ClusterView({ app: 'bench', brokers: [kafkaBrokers], logger });
  const client = connectClickHouse({ url: clickhouseUrl, database: clickhouseDatabase });
  const postgres = connectPostgres(databaseUrl, 4);
  const redis = connectRedis(redisUrl);
  await new Promise((ready) => redis.once('ready', ready));
  let isWatched = false;
  const round = async (project: string): Promise<Rates> => {
    await platform.stopProcess('aggregator');
    // Without budgets means without anybody's: the aggregator begins with none.
    await postgres.deleteFrom('budgets').execute();
    if (project === WATCHED && isWatched) await createBudgets(postgres);
    return aggregate(platform, { view, client, kafkaBrokers, project });
  };
  try {
    const projects = new ProjectWrites(postgres);
    for (const id of [PLAIN, WATCHED]) await projects.create({ id, name: id });
    await round(WATCHED);
    const seedMs = await seedMsOf(postgres, redis);
    isWatched = true;
    const plain: Rates[] = [];
    const watched: Rates[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      plain.push(await round(PLAIN));
      watched.push(await round(WATCHED));
    }
    const counters = await assertCountersRight(thousandBudgets(WATCHED), { client, redis });
    return figures(plain, watched, { seedMs, counters });
  } finally {
    redis.disconnect();
    await postgres.destroy();
    await view.close();
    await client.close();
  }
}

/** Has a round's events priced while the aggregator stands still, then follows it through them. */
async function aggregate(
  platform: Platform,
  {
    view,
    client,
    kafkaBrokers,
    project,
  }: { view: ClusterView; client: ClickHouseClient; kafkaBrokers: string; project: string },
): Promise<Rates> {
  const rowsBefore = await storedRows(client);
  const load = { events: EVENTS_A_ROUND, kind: 'uuid4', project, customers: CUSTOMERS } as const;
  await recordEvents(kafkaBrokers, load);
  const recorded = await recordsIn(view, TOPICS.usageRecorded.name);
  await until(
    async () => (await recordsIn(view, TOPICS.usagePriced.name)) === recorded,
    PRICED_MS_MAX,
  );
  return ratesOf(
    platform,
    'aggregator',
    EVENTS_A_ROUND,
    async () => ((await storedRows(client)) - rowsBefore) / EVENTS_A_ROUND,
  );
}

/** Creates the budgets beside a running aggregator, and waits until every partition has brought what it has stored. */
async function seedMsOf(postgres: Postgres, redis: Redis): Promise<number> {
  await createBudgets(postgres);
  const startedAt = performance.now();
  await until(() => isSeeded(thousandBudgets(WATCHED), redis), SEEDED_MS_MAX);
  return performance.now() - startedAt;
}

async function createBudgets(postgres: Postgres): Promise<void> {
  const budgets = new BudgetWrites(postgres);
  await Promise.all(thousandBudgets(WATCHED).map((budget) => budgets.create(budget)));
}

function figures(
  plain: Rates[],
  watched: Rates[],
  { seedMs, counters }: { seedMs: number; counters: number },
): Figure[] {
  const lines = (label: string, rates: Rates[]): Figure => ({
    name: `aggregation, ${label}`,
    value: median(rates.map(({ perSecond }) => perSecond)),
    unit: 'events/s',
    note: `${Math.round(median(rates.map(({ perCpuSecond }) => perCpuSecond)))} a CPU second`,
  });
  const ratio = (name: string, of: (rates: Rates) => number): Figure => {
    const ratios = watched.map((one, n) => of(one) / of(plain[n]!));
    const note = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    return { name, value: median(ratios), unit: 'ratio', note };
  };
  return [
    lines('no budgets', plain),
    lines('1,000 budgets', watched),
    ratio('1,000 budgets / none, events a second', ({ perSecond }) => perSecond),
    ratio('1,000 budgets / none, events a CPU second', ({ perCpuSecond }) => perCpuSecond),
    {
      name: '1,000 new budgets in 12 partitions seeded after',
      value: seedMs,
      unit: 'ms',
      note: `all ${counters} counters equal the sums of ClickHouse`,
    },
  ];
}
