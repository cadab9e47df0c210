import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TAGS_MAX } from '#contracts';
import { byTestLength, startTestPlatform, type TestPlatform } from '#testing';
import { ApiClient } from '../e2e/api-client.js';
import { createTenant, type Tenant } from '../e2e/two-projects.js';
import { MemoryWatch } from './memory-watch.js';

const APPS = ['ingest-api', 'pricing-worker', 'aggregator', 'console'] as const;
const TAGS_OF_AN_EVENT = 20;
const EVENTS_OF_A_BATCH = 100;
/** What the quiet project is promised, from its 202 until its usage can be read. */
const READABLE_MS_MAX = 3_000;
const AGGREGATOR_MIB_MAX = 1_500;
/** The most that even the owner of an installation can allow. */
const COUNTERS_PER_EVENT_MAX = 100_000;
const { budgets: BUDGETS, probes: PROBES } = byTestLength({
  // Of fewer than a hundred, the last hundredth would be the moment alone in which the flood begins.
  short: { budgets: 200, probes: 100 },
  long: { budgets: COUNTERS_PER_EVENT_MAX / TAGS_MAX, probes: 200 },
});

let test: TestPlatform;
let noisy: Tenant;
let quiet: Tenant;

beforeAll(async () => {
  test = await startTestPlatform('noisy-neighbour', { apps: APPS });
  noisy = await createTenant(test.platform, 'noisy');
  quiet = await createTenant(test.platform, 'quiet');
  const admin = ApiClient.of(test.platform, test.platform.surroundings.adminKey);
  const raised = await admin.ask('PATCH', `/v1/projects/${noisy.project}`, {
    body: { limits: { budgets: BUDGETS, counters_per_event: BUDGETS * TAGS_MAX } },
  });
  expect([raised.status, raised.text]).toEqual([200, expect.any(String)]);
});
afterAll(() => test.end());

async function createBudgets(client: ApiClient): Promise<void> {
  for (let n = 0; n < BUDGETS; n++) {
    const body = {
      name: `per tag ${n}`,
      on: 'tokens',
      per: ['tag'],
      limit: '1000000000',
      window: { kind: 'calendar', unit: n % 2 === 0 ? 'minute' : 'month', time_zone: 'UTC' },
    };
    const answer = await client.ask('POST', '/v1/budgets', { body });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  }
}

/** Each event adds to twenty counters of each budget, and no two events have a tag in common. */
async function flood(client: ApiClient, isOver: () => boolean): Promise<number> {
  let sent = 0;
  while (!isOver()) {
    const events = Array.from({ length: EVENTS_OF_A_BATCH }, (_, at) => ({
      id: `flood-${sent + at}`,
      usage: { input_tokens: 10 },
      tags: Array.from({ length: TAGS_OF_AN_EVENT }, (_unused, tag) => `tag-${sent + at}-${tag}`),
    }));
    const answer = await client.send({ events }).catch(() => null);
    if (answer?.status === 202) sent += EVENTS_OF_A_BATCH;
    else await delay(50);
  }
  return sent;
}

/** From the 202 of an event until `GET /v1/usage` has it, one after another. */
async function readableMs(client: ApiClient): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < PROBES; n++) {
    const customer = `probe-${n}`;
    const answer = await client.send({ id: customer, customer, usage: { input_tokens: 1 } });
    expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
    const acknowledgedMs = performance.now();
    while ((await client.usage(`?customer=${customer}`))[0]?.events !== 1) await delay(20);
    took.push(performance.now() - acknowledgedMs);
  }
  return took;
}

describe(`beside a project with ${BUDGETS} budgets for each tag that is flooded with new tags`, () => {
  it('usage of another project is readable in time, in bounded memory', async () => {
    await createBudgets(noisy.client);
    const watch = new MemoryWatch(test.platform, APPS, 200);
    let isOver = false;
    const flooding = flood(noisy.client, () => isOver);
    const took = await readableMs(quiet.client).finally(() => (isOver = true));
    const sent = await flooding;
    watch.stop();
    const sorted = took.toSorted((a, b) => a - b);
    const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
    const most = watch.mostMiB();
    process.stderr.write(
      `noisy-neighbour: ${sent} events of ${BUDGETS} budgets, p50 ${Math.round(sorted[sorted.length >> 1]!)} ms, ` +
        `p99 ${Math.round(p99)} ms, longest ${Math.round(sorted.at(-1)!)} ms, most memory in MiB ${JSON.stringify(most)}\n`,
    );
    expect(sent).toBeGreaterThan(0);
    expect(p99).toBeLessThan(READABLE_MS_MAX);
    expect(most['aggregator']).toBeLessThan(AGGREGATOR_MIB_MAX);
  });
});
