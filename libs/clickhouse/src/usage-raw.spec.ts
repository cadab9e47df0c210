import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { NOTHING_CARRIED, type PricedUsage } from '#contracts';
import type { ClickHouseClient } from './client.js';
import { insertUsageRaw } from './usage-raw.js';

const usage: PricedUsage = {
  outcome: 'usage',
  identity: '00112233445566778899aabbccddeeff',
  content: 'ffeeddccbbaa99887766554433221100',
  project: 'p1',
  source: 's',
  id: 'e\u00e9\u{1f600}',
  type: 't',
  key: 'k',
  event_time: '2026-11-02T10:20:30.123Z',
  received_at: '2026-11-02T10:20:31.000Z',
  customer: 'c',
  user: 'u',
  application: 'a',
  conversation: 'co',
  job: 'j',
  purpose: 'p',
  provider: 'openai',
  model: 'm'.repeat(200),
  service_tier: 'flex',
  batch: true,
  region: 'eu',
  status: 'error',
  latency_ms: 12.5,
  provider_response_id: 'r'.repeat(43),
  provider_cost: '0.1',
  tags: ['x', '\u4f60'.repeat(42)],
  properties: { s: 'text', n: 1.5, b: false },
  usage: { input_tokens: 1000, cache_read_tokens: 3, output_tokens: 5, requests: 2 },
  cost: { state: 'priced', amount: '0.0075', lines: [], price_version: 'v' },
};
const origin = { cluster: 'c1', partition: 7, offset: '9223372036854775807', appended_at: '' };

async function inserted(usages: PricedUsage[]): Promise<{ query: string; bytes: string }> {
  const calls: { query: string; values: Readable }[] = [];
  const client = {
    exec: (call: { query: string; values: Readable }) => {
      calls.push(call);
      return Promise.resolve({ stream: [] });
    },
  } as unknown as ClickHouseClient;
  const rows = usages.map((usage, index) => ({ usage, origin, index }));
  await insertUsageRaw(client, rows, { token: 't', planToken: 'plan' });
  const chunks: Buffer[] = [];
  for await (const chunk of calls[0]!.values) chunks.push(chunk as Buffer);
  return { query: calls[0]!.query, bytes: Buffer.concat(chunks).toString('hex') };
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

describe('rows of usage_raw', () => {
  it('keep the bytes that they had while every column was written by a line of its own', async () => {
    const { query, bytes } = await inserted([usage]);
    expect(query).toBe(
      'INSERT INTO usage_raw (project, customer, event_time, source, id, type, api_key, received_at, user, application, conversation, job, purpose, ' +
        'provider, model, service_tier, batch, region, status, latency_ms, provider_response_id, provider_cost, tags, properties, usage, requests, ' +
        'input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, output_reasoning_tokens, cost_state, cost, cost_partial, cost_reason, ' +
        'cost_detail, cost_lines, price_version, identity, content, origin_cluster, origin_partition, origin_offset, origin_index, plan_token) FORMAT RowBinary',
    );
    expect(sha256(bytes)).toBe('4b046f7b7c6ebc33d6e65855a7018bac96c1f2980d46207d2578e181a36b91a4');
  });

  it('keep the bytes of a row of which nothing is known', async () => {
    const nothing = { ...usage, ...NOTHING_CARRIED, usage: {} };
    expect(sha256((await inserted([nothing])).bytes)).toBe(
      'ab0bccc620a13eba8338dea5975fa3e086f6f374c9e46fbecfc19d7d29f60ed0',
    );
  });
});
