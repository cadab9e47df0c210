import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '#testing';
import { ApiClient } from './api-client.js';

interface StoredEvent {
  fate: string;
  reason: string | null;
  cost: string | null;
  lines: { price: string }[];
  price_version: string;
  repeats: number;
}

const usage = { input_tokens: 1_000, output_tokens: 500 };
const known = { customer: 'acme', provider: 'openai', model: 'gpt-4o', usage };
const unknown = { customer: 'acme', provider: 'openai', model: 'gpt-from-tomorrow', usage };
const nobody = { customer: 'acme', provider: 'nobody-we-know', model: 'm', usage };

let test: TestPlatform;
let client: ApiClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reckoner-prices-'));
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'console'] as const;
  test = await startTestPlatform('price-changes', { apps });
  client = ApiClient.of(test.platform);
});

afterAll(async () => {
  await test.end();
  rmSync(folder, { recursive: true, force: true });
});

async function send(...events: object[]): Promise<void> {
  const { status, body } = await client.send(events);
  expect([status, body.accepted]).toEqual([202, events.length]);
  await client.waitUntilCounted();
}

async function eventOf(id: string): Promise<StoredEvent> {
  return (await client.get<StoredEvent>(`/v1/events/${id}`)).body;
}

/** Doubles what gpt-4o costs and gives the unknown model a price. */
async function changePrices(): Promise<void> {
  const file = join(folder, 'prices.json');
  const models = [
    { provider: 'openai', model: 'gpt-4o', prices: { input_mtok: '5', output_mtok: '20' } },
    { provider: 'openai', model: unknown.model, prices: { input_mtok: '1', output_mtok: '2' } },
  ];
  writeFileSync(file, JSON.stringify({ models }));
  await test.platform.restart('pricing-worker', { env: { PRICE_OVERRIDES: file } });
}

describe('a model without a price', () => {
  it('is visible as unpriced, with the reason, and never as zero', async () => {
    await send({ id: 'old', ...known }, { id: 'unknown', ...unknown }, { id: 'nobody', ...nobody });
    expect(await eventOf('unknown')).toMatchObject({
      fate: 'unpriced',
      reason: 'unknown_model',
      cost: null,
    });
    expect(await eventOf('nobody')).toMatchObject({
      fate: 'unpriced',
      reason: 'unknown_provider',
      cost: null,
    });
    expect(await client.usage('?group_by=model')).toEqual(
      [
        { model: 'gpt-4o', events: 1, cost: '0.0075', unpriced_events: 0 },
        { model: 'gpt-from-tomorrow', events: 1, cost: '0', unpriced_events: 1 },
        { model: 'm', events: 1, cost: '0', unpriced_events: 1 },
      ].map((row) => expect.objectContaining({ ...row, input_tokens: 1_000 })),
    );
  });
});

describe('price data that changes', () => {
  it('changes no stored cost, whether an event comes again or not', async () => {
    const before = await Promise.all(['old', 'unknown', 'nobody'].map(eventOf));
    const usageBefore = await client.usage('?group_by=model&window=hour');
    await changePrices();
    expect(await Promise.all(['old', 'unknown', 'nobody'].map(eventOf))).toEqual(before);
    await send({ id: 'old', ...known }, { id: 'unknown', ...unknown });
    expect(await client.usage('?group_by=model&window=hour')).toEqual(usageBefore);
    const after = await Promise.all(['old', 'unknown', 'nobody'].map(eventOf));
    const repeats = [1, 1, 0];
    expect(after).toEqual(before.map((event, n) => ({ ...event, repeats: repeats[n] })));
  });

  it('prices what comes from now on, under a version of its own', async () => {
    await send({ id: 'new', ...known }, { id: 'known by now', ...unknown });
    // 1,000 at 5 and 500 at 20; 1,000 at 1 and 500 at 2 dollars a million.
    expect(await eventOf('new')).toMatchObject({ fate: 'priced', cost: '0.015' });
    expect(await eventOf('known by now')).toMatchObject({ fate: 'priced', cost: '0.002' });
    const [old, fresh] = [await eventOf('old'), await eventOf('new')];
    expect(old.lines.map(({ price }) => price)).toEqual(['2.5', '10']);
    expect(fresh.lines.map(({ price }) => price)).toEqual(['5', '20']);
    expect(fresh.price_version).not.toBe(old.price_version);
    // 0.0075 of old, 0.015 and 0.002 of new; the two unpriced ones stay so.
    expect(await client.usage()).toMatchObject([{ events: 5, cost: '0.0245', unpriced_events: 2 }]);
  });

  it('leaves both prices as they are when it changes back', async () => {
    await test.platform.restart('pricing-worker');
    await send({ id: 'newest', ...known });
    const costs = await Promise.all(['old', 'new', 'newest'].map(eventOf));
    expect(costs.map(({ cost }) => cost)).toEqual(['0.0075', '0.015', '0.0075']);
  });
});
