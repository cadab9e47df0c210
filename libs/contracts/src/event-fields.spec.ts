import { describe, expect, it } from '@jest/globals';
import { contentHashOf } from './content-hash.js';
import { CARRIED_FIELDS, NOTHING_CARRIED, type UsageEvent } from './usage-event.js';

const event: UsageEvent = {
  id: 'e1',
  time: '2026-11-02T10:20:30.123Z',
  customer: 'c',
  user: 'u',
  application: 'a',
  conversation: 'co',
  job: 'j',
  purpose: 'p',
  provider: 'openai',
  model: 'm',
  usage: { input_tokens: 1000, output_tokens: 5 },
  service_tier: 'flex',
  batch: true,
  region: 'eu',
  status: 'error',
  latency_ms: 12.5,
  provider_response_id: 'r',
  provider_cost: '0.1',
  tags: ['x', 'y'],
  properties: { s: 'text', n: 1.5, b: false },
};

describe("the table of an event's fields", () => {
  it('leaves the hash of what was sent as it was', () => {
    expect(contentHashOf(event)).toBe('51d41a72d320fc09dc588925959c155b');
  });

  it('carries what the pipe does not live by, in the order of the log', () => {
    const { id, time, usage, ...carried } = event;
    expect(CARRIED_FIELDS).toEqual(Object.keys(carried));
    expect([id, time, usage]).not.toContain(undefined);
  });

  it('knows nothing of an event that sent nothing: null, or an empty list or map', () => {
    const { tags, properties, ...others } = NOTHING_CARRIED;
    expect([tags, properties]).toEqual([[], {}]);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
  });
});
