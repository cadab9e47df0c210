import { createHash } from 'node:crypto';
import { NOTHING_CARRIED, type PricedUsage } from '#contracts';

/** A priced event with believable defaults: $0.0075 for 1,000 tokens in and 500 out. Identity and content follow from the id. */
export function pricedUsage(overrides: Partial<PricedUsage> & { id: string }): PricedUsage {
  const project = overrides.project ?? 'p1';
  return {
    outcome: 'usage',
    identity: shortHash(`${project} ${overrides.id}`),
    content: shortHash(`content of ${overrides.id}`),
    project,
    source: 'api',
    type: 'llm.call',
    key: 'key1',
    event_time: '2026-11-02T10:20:30.123Z',
    received_at: '2026-11-02T10:20:31.000Z',
    ...NOTHING_CARRIED,
    customer: 'acme',
    provider: 'openai',
    model: 'gpt-4o',
    status: 'ok',
    usage: { input_tokens: 1000, output_tokens: 500 },
    cost: { state: 'priced', amount: '0.0075', lines: [], price_version: 'test' },
    ...overrides,
  };
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
