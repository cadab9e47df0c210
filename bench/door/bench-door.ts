import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../../dev/platform/platform.js';
import { cpuSecondsOf, type Figure, median } from '../measure.js';
import { countRecorded } from './count-recorded.js';
import { pressDoor } from './press-door.js';
import { sampleRequests } from './sample-events.js';

const BASELINE = fileURLToPath(new URL('./baseline.js', import.meta.url));

export interface DoorLoad {
  batchSize: number;
  connections: number;
  rounds: number;
  roundMs: number;
}

interface Round {
  events: number;
  perCpuSecond: number;
  latencyMsP50: number;
  latencyMsP99: number;
}

/**
 * The ingest door with Kafka's acknowledgement against a bare node:http + ajv one, round about in one run, in events
 * for each CPU second of the door's process. Every event that was answered 202 is counted back out of Kafka.
 * Throws when one is missing or too many.
 */
export async function benchDoor(platform: Platform, load: DoorLoad): Promise<Figure[]> {
  for (const app of ['pricing-worker', 'aggregator'] as const) await platform.stopProcess(app);
  const counter = await countRecorded(platform.surroundings.engines.kafkaBrokers);
  const { url: bareUrl, end } = await startBaseline();
  const requests = sampleRequests(
    Math.ceil(50_000 / load.batchSize),
    load.batchSize,
    platform.demoAccess.apiKey,
  );
  const press = (url: string, metricsUrl: string) => pressRound(url, metricsUrl, requests, load);
  const pressBare = () => press(bareUrl, bareUrl);
  const pressOurs = () => press(platform.url('ingest-api'), platform.metricsUrl('ingest-api'));
  try {
    // The first round of each warms it up and counts only where events are counted back.
    let acknowledged = (await pressOurs()).events;
    await pressBare();
    const bareRounds: Round[] = [];
    const doorRounds: Round[] = [];
    for (let round = 0; round < load.rounds; round += 1) {
      bareRounds.push(await pressBare());
      doorRounds.push(await pressOurs());
    }
    acknowledged += doorRounds.reduce((sum, { events }) => sum + events, 0);
    const recorded = await counter.settle();
    if (recorded !== acknowledged)
      throw new Error(`${acknowledged} events were acknowledged, ${recorded} stand in Kafka`);
    return figures(load, bareRounds, doorRounds);
  } finally {
    end();
  }
}

function figures({ batchSize }: DoorLoad, bareRounds: Round[], doorRounds: Round[]): Figure[] {
  const label = batchSize === 1 ? 'single events' : `batches of ${batchSize}`;
  const ratios = doorRounds.map((round, n) => round.perCpuSecond / bareRounds[n]!.perCpuSecond);
  const rates = doorRounds.map(({ perCpuSecond }) => perCpuSecond);
  const bare = median(bareRounds.map(({ perCpuSecond }) => perCpuSecond));
  const p50 = median(doorRounds.map(({ latencyMsP50 }) => latencyMsP50)).toFixed(1);
  const p99 = median(doorRounds.map(({ latencyMsP99 }) => latencyMsP99)).toFixed(1);
  return [
    { name: `bare node:http + ajv, ${label}`, value: bare, unit: 'events/CPU s' },
    {
      name: `door with Kafka's acknowledgement, ${label}`,
      value: median(rates),
      unit: 'events/CPU s',
      note: `${Math.round(Math.min(...rates))} to ${Math.round(Math.max(...rates))}; closed loop p50 ${p50} ms, p99 ${p99} ms; all counted back from Kafka`,
    },
    {
      name: `door / bare, ${label}`,
      value: median(ratios),
      unit: 'ratio',
      note: `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    },
  ];
}

async function pressRound(
  url: string,
  metricsUrl: string,
  requests: Buffer[],
  load: DoorLoad,
): Promise<Round> {
  const { connections, roundMs, batchSize } = load;
  const before = await cpuSecondsOf(metricsUrl);
  const pressed = await pressDoor({ url, requests, connections, durationMs: roundMs });
  const cpuSeconds = (await cpuSecondsOf(metricsUrl)) - before;
  const events = pressed.requests * batchSize;
  const { latencyMsP50, latencyMsP99 } = pressed;
  return { events, perCpuSecond: events / cpuSeconds, latencyMsP50, latencyMsP99 };
}

async function startBaseline(): Promise<{ url: string; end: () => void }> {
  const child = spawn(process.execPath, [BASELINE], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: line.toString().trim(), end: () => child.kill() };
}
