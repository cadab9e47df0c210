import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import type { Platform } from '../../dev/platform/platform.js';
import { DoorConnections } from '../door/door-connections.js';
import { pressDoor } from '../door/press-door.js';
import { requestOf, sampleRequests } from '../door/sample-events.js';
import { type Figure, quantile, until } from '../measure.js';
import { storedRows } from '../pipeline/stage-progress.js';
import { type HopTimes, readHopTimes } from './hop-times.js';
import { openLoop } from './open-loop.js';
import { WebhookReceiver } from './webhook-receiver.js';

const SHARES = [10, 50, 90];
const BATCH_SIZE = 100;
const PRESS_MS = 4_000;
const LEVEL_MS = 20_000;
/** Left out at the beginning of each level: connections open and code warms up. */
const WARM_MS = 2_000;
const PROBES_A_SECOND = 25;
const DRAIN_MS_MAX = 120_000;
const WEBHOOK_MS_MAX = 30_000;

interface Probe {
  customer: string;
  dueAtMs: number;
  acceptedAtMs: number;
}

/**
 * From an event's 202 to the webhook that its budget's breach sends, while the pipeline carries 10, 50 and 90 % of what it can
 * carry at most in the same run. Throws when a webhook is missing.
 */
export async function benchAlertLatency(platform: Platform): Promise<Figure[]> {
  const { engines } = platform.surroundings;
  const client = connectClickHouse({
    url: engines.clickhouseUrl,
    database: engines.clickhouseDatabase,
  });
  const receiver = await WebhookReceiver.start();
  try {
    await makeBudgetAndEndpoint(platform, receiver.url);
    // The first press warms the code up: a pipeline that has run for a while is what runs as a rule.
    await maximumRate(platform, client);
    const perSecond = await maximumRate(platform, client);
    const levels: { share: number; probes: Probe[] }[] = [];
    for (const share of SHARES) {
      const probes = await runLevel(platform, { share, perSecond: (perSecond * share) / 100 });
      await until(
        () => Promise.resolve(probes.every(({ customer }) => receiver.receivedAt.has(customer))),
        WEBHOOK_MS_MAX,
      );
      await drained(client);
      levels.push({ share, probes });
    }
    const hops = await readHopTimes(engines);
    return [
      { name: 'maximum of the pipeline, door to store', value: perSecond, unit: 'events/s' },
      ...levels.flatMap(({ share, probes }) => figures(share, probes, receiver, hops)),
    ];
  } finally {
    receiver.stop();
    await client.close();
  }
}

/** A limit that the first event of any probe's customer reaches; the load around the probes has no such tag. */
async function makeBudgetAndEndpoint(platform: Platform, receiverUrl: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${platform.url('console')}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${platform.demoAccess.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`${path} answered ${await answer.text()}`);
  };
  await post('/v1/webhook-endpoints', { url: receiverUrl, events: ['budget.breached'] });
  await post('/v1/budgets', {
    name: 'probes',
    on: 'events',
    scope: { tag: 'probe' },
    per: ['customer'],
    limit: '1',
    window: { kind: 'lifetime' },
  });
  // A change takes effect within 2 s.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
}

/** Presses the door in a closed loop, then waits until all is stored: events a second over both. */
async function maximumRate(platform: Platform, client: ClickHouseClient): Promise<number> {
  const rowsBefore = await storedRows(client);
  const requests = sampleRequests(2_000, BATCH_SIZE, platform.demoAccess.apiKey);
  const startedAt = performance.now();
  const pressed = await pressDoor({
    url: platform.url('ingest-api'),
    requests,
    connections: 4,
    durationMs: PRESS_MS,
  });
  const events = Math.min(pressed.requests, requests.length) * BATCH_SIZE;
  await until(async () => (await storedRows(client)) - rowsBefore >= events, DRAIN_MS_MAX);
  return events / ((performance.now() - startedAt) / 1_000);
}

async function runLevel(
  platform: Platform,
  { share, perSecond }: { share: number; perSecond: number },
): Promise<Probe[]> {
  const { apiKey } = platform.demoAccess;
  const loadRate = (perSecond - PROBES_A_SECOND) / BATCH_SIZE;
  const load = sampleRequests(Math.ceil((loadRate * LEVEL_MS) / 1_000) + 1, BATCH_SIZE, apiKey);
  const connections = new DoorConnections(platform.url('ingest-api'));
  const probes: Probe[] = [];
  const probe = async (n: number, dueAtMs: number) => {
    const customer = `probe-${share}-${n}`;
    const usage = { input_tokens: 1_000, output_tokens: 500 };
    const event = { id: customer, customer, provider: 'openai', model: 'gpt-4o', usage };
    await connections.send(requestOf({ ...event, tags: ['probe'] }, apiKey));
    const acceptedAtMs = performance.timeOrigin + performance.now();
    probes.push({ customer, dueAtMs, acceptedAtMs });
  };
  try {
    await Promise.all([
      openLoop({ perSecond: loadRate, durationMs: LEVEL_MS }, (n) => connections.send(load[n]!)),
      openLoop({ perSecond: PROBES_A_SECOND, durationMs: LEVEL_MS }, probe),
    ]);
  } finally {
    connections.close();
  }
  const firstMs = Math.min(...probes.map(({ dueAtMs }) => dueAtMs));
  return probes.filter(({ dueAtMs }) => dueAtMs >= firstMs + WARM_MS);
}

/** Nothing of one level may wait in the next: until no more is stored. */
async function drained(client: ClickHouseClient): Promise<void> {
  let rows = -1;
  await until(
    async () => {
      const before = rows;
      rows = await storedRows(client);
      return rows === before;
    },
    DRAIN_MS_MAX,
    2_000,
  );
}

function figures(
  share: number,
  probes: Probe[],
  { receivedAt }: WebhookReceiver,
  hops: Map<string, HopTimes>,
): Figure[] {
  const at = ({ customer }: Probe) => hops.get(customer)!;
  const hopMs: Record<string, (probe: Probe) => number> = {
    'door, from its due time': ({ dueAtMs, acceptedAtMs }) => acceptedAtMs - dueAtMs,
    pricing: (probe) => at(probe).pricedAt - probe.acceptedAtMs,
    'decide and count': (probe) => at(probe).raisedAt - at(probe).pricedAt,
    'raise, notifier record': (probe) => at(probe).recordedAt - at(probe).raisedAt,
    delivery: (probe) => receivedAt.get(probe.customer)! - at(probe).recordedAt,
  };
  const totals = probes.map((one) => receivedAt.get(one.customer)! - one.acceptedAtMs);
  const note = Object.entries(hopMs)
    .map(([name, of]) => {
      const times = probes.map(of);
      return `${name} ${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
    })
    .join('; ');
  const label = `202 to webhook at ${share} % of the maximum`;
  return [
    {
      name: `${label}, p50`,
      value: quantile(totals, 0.5),
      unit: 'ms',
      note: `${totals.length} alerts`,
    },
    {
      name: `${label}, p99`,
      value: quantile(totals, 0.99),
      unit: 'ms',
      note: `p50 / p99 of the hops: ${note}`,
    },
  ];
}
