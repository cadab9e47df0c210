import { randomUUID } from 'node:crypto';
import type { Platform } from '../../dev/platform/platform.js';
import { type Figure, until } from '../measure.js';

const EVENTS = 40;
const INTERVAL_MS = 500;
const VISIBLE_MS_MAX = 20_000;
const POLL_MS = 50;

/** From an event's 202 to its cost in `GET /v1/usage`, with one event every 500 ms (an open loop: late answers delay nobody). */
export async function benchVisibility(platform: Platform): Promise<Figure[]> {
  const { apiKey } = platform.demoAccess;
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const one = async (): Promise<number> => {
    const customer = `visibility-${randomUUID()}`;
    const event = {
      id: customer,
      customer,
      provider: 'openai',
      model: 'gpt-4o',
      usage: { input_tokens: 1_000, output_tokens: 500 },
    };
    const answer = await fetch(`${platform.url('ingest-api')}/v1/events`, {
      method: 'POST',
      headers,
      body: JSON.stringify(event),
    });
    if (answer.status !== 202) throw new Error(`the door answered ${answer.status}`);
    const acknowledgedAt = performance.now();
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const query = new URLSearchParams({ from, to, customer });
    await until(
      async () => {
        const usage = await fetch(`${platform.url('console')}/v1/usage?${query.toString()}`, {
          headers,
        });
        const { data } = (await usage.json()) as { data: { cost: string }[] };
        return data[0]?.cost === '0.0075';
      },
      VISIBLE_MS_MAX,
      POLL_MS,
    );
    return performance.now() - acknowledgedAt;
  };
  const waits: Promise<number>[] = [];
  for (let n = 0; n < EVENTS; n++) {
    waits.push(one());
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  const sorted = (await Promise.all(waits)).sort((a, b) => a - b);
  const quantile = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return [
    { name: 'event to query visibility, p50', value: quantile(0.5), unit: 'ms' },
    { name: 'event to query visibility, p99', value: quantile(0.99), unit: 'ms' },
  ];
}
