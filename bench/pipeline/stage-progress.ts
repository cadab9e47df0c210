import type { ClickHouseClient } from '#clickhouse';
import type { ClusterView } from '#kafka';
import type { Platform } from '../../dev/platform/platform.js';
import { cpuSecondsOf, until } from '../measure.js';

const STAGE_MS_MAX = 300_000;
/** A stage is timed while it is between these shares of its work: neither its start nor its last gathering counts. */
const TIMED_FROM = 0.1;
const TIMED_TO = 0.9;

export interface Rates {
  perSecond: number;
  perCpuSecond: number;
}

/** Starts a stage on the work that waits for it and follows its progress (0 to 1). */
export async function ratesOf(
  platform: Platform,
  app: 'pricing-worker' | 'aggregator',
  events: number,
  progress: () => Promise<number>,
): Promise<Rates> {
  const samples: { share: number; atMs: number; cpu: number }[] = [];
  const started = platform.start(app);
  await until(async () => {
    const share = await progress();
    const cpu = await cpuSecondsOf(platform.metricsUrl(app)).catch(() => 0);
    samples.push({ share, cpu, atMs: performance.now() });
    return share >= 1;
  }, STAGE_MS_MAX);
  await started;
  const first = samples.find(({ share, cpu }) => share >= TIMED_FROM && cpu > 0)!;
  const last = samples.find(({ share }) => share >= TIMED_TO)!;
  const timedEvents = events * (last.share - first.share);
  return {
    perSecond: timedEvents / ((last.atMs - first.atMs) / 1_000),
    perCpuSecond: timedEvents / (last.cpu - first.cpu),
  };
}

export async function recordsIn(view: ClusterView, topic: string): Promise<number> {
  return (await view.topicEnds(topic)).reduce((sum, { high }) => sum + Number(high), 0);
}

export async function storedRows(client: ClickHouseClient): Promise<number> {
  const answer = await client.query({
    query: 'SELECT count() FROM usage_raw',
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[number]>();
  return Number(row?.[0]);
}
