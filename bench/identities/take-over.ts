import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import type { Platform } from '../../dev/platform/platform.js';
import { type Figure, until } from '../measure.js';
import { recordEvents } from '../pipeline/recorded-load.js';
import { recordsIn, storedRows } from '../pipeline/stage-progress.js';
import { storeIdentities } from './store-identities.js';

const PROJECT = 'demo';
const STORED = 50_000_000;
/** That wait for the aggregator when it starts: half with random and half with time-ordered ids. */
const NEW_EVENTS = 200_000;
const REPEATED = 10_000;
const WAIT_MS_MAX = 600_000;
const POLL_MS = 100;
const MIB = 1_048_576;

interface Bench {
  platform: Platform;
  client: ClickHouseClient;
  view: ClusterView;
}

/**
 * An aggregator takes every partition over while events wait for it, first with nothing stored and then with fifty million
 * identities. It throws when an id that was stored counts again, or a new one does not count.
 */
export async function benchTakeOver(platform: Platform): Promise<Figure[]> {
  const { kafkaBrokers, clickhouseUrl, clickhouseDatabase } = platform.surroundings.engines;
  const logger = createLogger('bench', 'silent');
  const view = new ClusterView({ app: 'bench', brokers: [kafkaBrokers], logger });
  const client = connectClickHouse({ url: clickhouseUrl, database: clickhouseDatabase });
  const bench = { platform, client, view };
  try {
    await platform.stopProcess('aggregator');
    await leaveWaiting(bench, 0);
    const empty = await takeOver(bench, 0, 'nothing stored');
    await platform.stopProcess('aggregator');
    await storeIdentities(client, { project: PROJECT, count: STORED });
    await leaveWaiting(bench, REPEATED);
    const full = await takeOver(bench, REPEATED, `${STORED / 1_000_000} million identities`);
    return [...empty, ...full];
  } finally {
    await view.close();
    await client.close();
  }
}

async function leaveWaiting({ platform, view }: Bench, repeated: number): Promise<void> {
  const { kafkaBrokers } = platform.surroundings.engines;
  const load = { project: PROJECT, customers: 50 };
  for (const kind of ['uuid4', 'uuid7'] as const)
    await recordEvents(kafkaBrokers, { ...load, kind, events: NEW_EVENTS / 2 });
  if (repeated > 0) await recordEvents(kafkaBrokers, { ...load, kind: 'stored', events: repeated });
  const recorded = await recordsIn(view, TOPICS.usageRecorded.name);
  await until(
    async () => (await recordsIn(view, TOPICS.usagePriced.name)) === recorded,
    WAIT_MS_MAX,
  );
}

async function takeOver(
  { platform, client }: Bench,
  repeated: number,
  name: string,
): Promise<Figure[]> {
  const rowsBefore = await storedRows(client);
  const startedAt = performance.now();
  const sinceStart = () => performance.now() - startedAt;
  let storedMs = 0;
  let wholeMs = 0;
  let residentMax = 0;
  let lagMax = 0;
  await platform.start('aggregator');
  const readyMs = sinceStart();
  await until(
    async () => {
      const tells = await metricsOf(platform);
      residentMax = Math.max(residentMax, tells('process_resident_memory_bytes'));
      lagMax = Math.max(lagMax, tells('nodejs_eventloop_lag_max_seconds'));
      if (wholeMs === 0 && tells('aggregator_filters_loading') === 0) wholeMs = sinceStart();
      const rows = (await storedRows(client)) - rowsBefore;
      if (storedMs === 0 && rows === NEW_EVENTS) storedMs = sinceStart();
      return wholeMs > 0 && storedMs > 0;
    },
    WAIT_MS_MAX,
    POLL_MS,
  );
  await assertDecided(client, { counted: rowsBefore + NEW_EVENTS, repeated });
  const lookedUp = (await metricsOf(platform))('aggregator_looked_up_identities_total');
  const figure = (what: string, value: number, unit: string) => ({
    name: `${name}: ${what}`,
    value,
    unit,
  });
  return [
    figure('ready', readyMs, 'ms'),
    figure(`${NEW_EVENTS} events stored`, storedMs, 'ms'),
    figure('filters whole', wholeMs, 'ms'),
    figure('identities looked up', lookedUp, 'identities'),
    figure('resident memory, most', residentMax / MIB, 'MiB'),
    figure('event loop held, most', lagMax * 1_000, 'ms'),
  ];
}

async function metricsOf(platform: Platform): Promise<(name: string) => number> {
  const text = await (await fetch(`${platform.metricsUrl('aggregator')}/metrics`)).text();
  return (name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

async function assertDecided(
  client: ClickHouseClient,
  expected: { counted: number; repeated: number },
): Promise<void> {
  const answer = await client.query({
    query:
      'SELECT count(), uniqExact(identity), (SELECT count() FROM usage_set_aside) FROM usage_raw',
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[string, string, string]>();
  const [counted, unique, setAside] = row!.map(Number);
  if (counted !== expected.counted || unique !== counted || setAside !== expected.repeated)
    throw new Error(`the run was wrong: ${JSON.stringify(row)}`);
}
