import type { ClickHouseClient } from '#clickhouse';
import type { ClusterView } from '#kafka';
import type { Platform } from '../../dev/platform/platform.js';
import { cpuSecondsOf, until } from '../measure.js';

const STAGE_MS_MAX = 300_000;

export interface Rates {
  perSecond: number;
  perCpuSecond: number;
}

/**
 * Starts a stage on the work that waits for it, follows its progress (0 to 1) and times the whole of it, from the first
 * answer of its metrics on. Not from some progress on: what is read and decided before the first of it shows is work too.
 */
export async function ratesOf(
  platform: Platform,
  app: 'pricing-worker' | 'aggregator',
  events: number,
  progress: () => Promise<number>,
): Promise<Rates> {
  const started = platform.start(app);
  let first: { atMs: number; cpu: number } | null = null;
  await until(async () => {
    first ??= await cpuSecondsOf(platform.metricsUrl(app)).then(
      (cpu) => ({ cpu, atMs: performance.now() }),
      () => null,
    );
    return first !== null && (await progress()) >= 1;
  }, STAGE_MS_MAX);
  const cpu = await cpuSecondsOf(platform.metricsUrl(app));
  const atMs = performance.now();
  await started;
  const { atMs: fromMs, cpu: fromCpu } = first!;
  return {
    perSecond: events / ((atMs - fromMs) / 1_000),
    perCpuSecond: events / (cpu - fromCpu),
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
