import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startTestPlatform, type TestPlatform } from '#testing';
import { type AlertEvent, AlertInbox } from './alert-inbox.js';
import { ApiClient } from './api-client.js';

const ARRIVES_MS_MAX = 2_000;
const SPAN_SECONDS = 10;
/** $0.0075. */
const CALL = {
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1_000, output_tokens: 500 },
};

let test: TestPlatform;
let client: ApiClient;
let inbox: AlertInbox;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
  test = await startTestPlatform('rate-to-webhook', { apps });
  client = ApiClient.of(test.platform);
  inbox = await AlertInbox.open(client);
});
afterAll(async () => {
  await inbox.close();
  await test.end();
});

async function newRate(fields: Record<string, unknown>): Promise<string> {
  const body = { name: 'a rate', over_seconds: SPAN_SECONDS, ...fields };
  const answer = await client.ask<{ id: string }>('POST', '/v1/rates', { body });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.body.id;
}

/** One after the other is counted, so that it is known which one crosses. */
async function send(...events: Record<string, unknown>[]): Promise<void> {
  for (const event of events) {
    expect((await client.send({ ...CALL, ...event })).body).toMatchObject({ accepted: 1 });
    await client.waitUntilCounted();
  }
}

const alertsOf = (rate: string, count: number, withinMs = ARRIVES_MS_MAX): Promise<AlertEvent[]> =>
  eventually(() => {
    const found = inbox.of(rate);
    return found.length >= count ? found : null;
  }, withinMs);

describe('a rate', () => {
  it('of spend tells of the customer who exceeds it, and that the span has passed', async () => {
    const tag = 'spend';
    const scope = { tag };
    const rate = await newRate({ on: 'cost', scope, per: ['customer'], limit: '0.01' });
    const time = new Date().toISOString();
    await send(
      { id: 'spend-1', customer: 'acme', tags: [tag], time },
      { id: 'spend-2', customer: 'initech', tags: [tag], time },
      { id: 'spend-3', customer: 'acme', tags: [tag], time },
    );
    const [exceeded] = await alertsOf(rate, 1);
    const shown = {
      rate,
      name: 'a rate',
      on: 'cost',
      counter: { customer: 'acme' },
      over_seconds: SPAN_SECONDS,
      limit: '0.01',
    };
    expect([exceeded!.type, exceeded!.data]).toEqual([
      'rate.exceeded',
      { ...shown, customer: 'acme', value: '0.015', event_time: time },
    ]);
    const [, recovered] = await alertsOf(rate, 2, SPAN_SECONDS * 1_000 + ARRIVES_MS_MAX);
    expect([recovered!.type, recovered!.data]).toEqual([
      'rate.recovered',
      { ...shown, customer: 'acme', value: '0', event_time: expect.stringMatching(/Z$/) },
    ]);
    expect(Date.parse(recovered!.timestamp) - Date.parse(time)).toBeGreaterThan(
      (SPAN_SECONDS * 59_000) / 60,
    );
    expect(inbox.of(rate)).toHaveLength(2);
  });

  it('of errors makes no statement before there are events enough, then tells of the share', async () => {
    const scope = { customer: 'hooli' };
    const rate = await newRate({
      on: 'errors',
      scope,
      over_seconds: 300,
      limit: '0.5',
      events_min: 4,
    });
    const call = { customer: 'hooli' };
    await send(
      { id: 'share-1', ...call, status: 'error' },
      { id: 'share-2', ...call, status: 'error' },
      { id: 'share-3', ...call },
      { id: 'share-4', ...call },
    );
    const alerts = await alertsOf(rate, 1);
    expect(alerts.map(({ type, data }) => [type, data['value'], data['limit']])).toEqual([
      ['rate.exceeded', '0.5', '0.5'],
    ]);
    const standing = await client.get<Record<string, unknown>>(`/v1/rates/${rate}`);
    expect(standing.body).toMatchObject({ state: 'exceeded', value: '0.5', events: 4 });
  });

  it('of a latency tells of the percentile, within 4.8 %', async () => {
    const scope = { customer: 'umbrella' };
    const rate = await newRate({ on: 'latency_p95', scope, over_seconds: 300, limit: '1000' });
    await send(
      { id: 'slow-1', customer: 'umbrella', latency_ms: 300 },
      { id: 'slow-2', customer: 'umbrella', latency_ms: 2_000 },
    );
    const [exceeded, ...more] = await alertsOf(rate, 1);
    expect([exceeded!.type, more]).toEqual(['rate.exceeded', []]);
    expect(Math.abs(Number(exceeded!.data['value']) - 2_000)).toBeLessThan(96);
  });
});
