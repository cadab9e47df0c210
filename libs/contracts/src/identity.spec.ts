import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson, contentHashOf } from './content-hash.js';
import { identityOf, partitionOf } from './identity.js';
import type { UsageEvent } from './usage-event.js';

describe('identity', () => {
  it('is the first half of the SHA-256 of project, source and id', () => {
    const expected = createHash('sha256').update('p1\0api\0e1').digest('hex').slice(0, 32);
    expect(identityOf({ project: 'p1', source: 'api', id: 'e1' })).toBe(expected);
  });

  it.each([
    ['p1', 'api', 'e1', 5],
    ['p1', 'otel', 'e1', 10],
    ['p2', 'api', 'Zoë 😀', 6],
  ])('of %s, %s, %s lies in partition %i, for ever', (project, source, id, partition) => {
    // CRC-32 of the three with NUL between, modulo twelve: worked out with another implementation.
    expect(partitionOf({ project, source, id })).toBe(partition);
  });

  it('spreads ids over all twelve partitions', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => ({
      project: 'p',
      source: 'api',
      id: `e${n}`,
    }));
    expect(new Set(ids.map(partitionOf))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
  });
});

describe('content hash', () => {
  it('is the same for other key order, explicit defaults, explicit null and another spelling of the instant', () => {
    const sent = {
      id: 'e',
      time: '2026-03-01T01:00:00+01:00',
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    const again = {
      usage: { output_tokens: 2, input_tokens: 1, cache_read_tokens: null },
      customer: null,
      tags: null,
      time: '2026-03-01T00:00:00Z',
      source: 'api',
      type: 'llm.call',
      id: 'e',
    } as unknown as UsageEvent;
    expect(contentHashOf(again)).toBe(contentHashOf(sent));
  });

  const base: UsageEvent = {
    id: 'e',
    customer: 'a',
    user: 'u',
    application: 'app',
    model: 'm',
    usage: { input_tokens: 1 },
    latency_ms: 12.5,
    provider_cost: '0.01',
    tags: ['a', 'b'],
    properties: { plan: 'pro', seats: 3 },
  };

  it.each<[string, Partial<UsageEvent>]>([
    ['a count', { usage: { input_tokens: 2 } }],
    ['another count', { usage: { input_tokens: 1, output_tokens: 0 } }],
    ['the customer', { customer: 'b' }],
    ['the user', { user: 'v' }],
    ['the application', { application: 'bpp' }],
    ['the provider', { provider: 'openai' }],
    ['the model', { model: 'n' }],
    ['the time', { time: '2026-03-01T00:00:00Z' }],
    ['the latency', { latency_ms: 12.6 }],
    ['the cost by the provider', { provider_cost: '0.010' }],
    ['a tag', { tags: ['a', 'c'] }],
    ['the order of the tags', { tags: ['b', 'a'] }],
    ['a property', { properties: { plan: 'pro', seats: 4 } }],
    ['the type of a property', { properties: { plan: 'pro', seats: '3' } }],
    ['the service tier', { service_tier: 'flex' }],
    ['batch', { batch: false }],
    ['the region', { region: 'eu' }],
  ])('differs when %s differs', (_what, change) => {
    expect(contentHashOf({ ...base, ...change })).not.toBe(contentHashOf(base));
  });
});

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [2, { d: null, c: '"' }], z: undefined }, '{"a":[2,{"c":"\\""}],"b":1}'],
    [{}, '{}'],
    [[], '[]'],
    [[1, 'a', null, true], '[1,"a",null,true]'],
    [null, 'null'],
    ['a', '"a"'],
    // By code units: capitals first, and the key "10" before "9".
    [{ a: 1, B: 2, '9': 3, '10': 4 }, '{"10":4,"9":3,"B":2,"a":1}'],
  ])('of %j is %s', (value, text) => expect(canonicalJson(value)).toBe(text));
});
