import { describe, expect, it } from '@jest/globals';
import { contentHashOf } from './content-hash.js';
import { EVENT_FIELD_NAMES, EVENT_FIELDS } from './event-fields.js';
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

  it('keeps every field in the column that stored events have it in', () => {
    const columns = Map.groupBy(EVENT_FIELD_NAMES, (field) => EVENT_FIELDS[field].column);
    expect(Object.fromEntries(columns)).toEqual({
      String: ['id'],
      'LowCardinality(String)': ['source', 'type'],
      "DateTime64(3, 'UTC')": ['time'],
      'Nullable(String)': [
        'customer',
        'user',
        'conversation',
        'job',
        'provider_response_id',
        'provider_cost',
      ],
      'LowCardinality(Nullable(String))': [
        'application',
        'purpose',
        'provider',
        'model',
        'service_tier',
        'region',
        'status',
      ],
      'Map(LowCardinality(String), UInt64)': ['usage'],
      'Nullable(Bool)': ['batch'],
      'Nullable(Float64)': ['latency_ms'],
      'Array(LowCardinality(String))': ['tags'],
      'Map(LowCardinality(String), String)': ['properties'],
    });
    expect(EVENT_FIELDS.time.columnName).toBe('event_time');
  });

  it('holds all but a few fields to be text', () => {
    const kinds = Map.groupBy(EVENT_FIELD_NAMES, (field) => EVENT_FIELDS[field].kind);
    const { text, ...others } = Object.fromEntries(kinds);
    expect(text).toHaveLength(13);
    expect(others).toEqual({
      id: ['id'],
      time: ['time'],
      usage: ['usage'],
      boolean: ['batch'],
      status: ['status'],
      number: ['latency_ms'],
      decimal: ['provider_cost'],
      list: ['tags'],
      map: ['properties'],
    });
  });

  it('describes in a sentence each field whose name does not say all, and what stands in for it', () => {
    const described = Object.values(EVENT_FIELDS).filter((field) => 'description' in field);
    expect(described.length).toBeGreaterThan(10);
    for (const { description } of described) expect(description).toMatch(/^[A-Z].+\.$/);
    expect(EVENT_FIELDS.source.description).toContain(EVENT_FIELDS.source.default);
    expect(EVENT_FIELDS.type.description).toContain(EVENT_FIELDS.type.default);
  });
});
