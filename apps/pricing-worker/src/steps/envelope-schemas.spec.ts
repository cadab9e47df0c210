import { describe, expect, it } from '@jest/globals';
import { envelopeProblem, eventProblem } from './envelope-schemas.js';

const event = {
  id: 'e1',
  source: 'api',
  type: 'llm.call',
  time: '2026-11-02T10:20:30.123456789Z',
  customer: 'c',
  usage: { input_tokens: 2 ** 53 - 1, images: 0 },
  batch: false,
  status: 'error',
  latency_ms: 0,
  provider_cost: '0.1',
  tags: ['x', 'y'],
  properties: { s: 'text', n: -1.5, b: false },
};

describe('an event', () => {
  it.each([event, { ...event, status: 'ok', time: '2026-11-02T10:20:30Z' }, { id: 'e1' }])(
    'can be priced: %j',
    (value) => expect(eventProblem(value)).toBeNull(),
  );

  const NO_TIME = 'time must match pattern';
  it.each<[object, string]>([
    [{ id: '' }, 'id must NOT have fewer than 1 characters'],
    [{ id: 7 }, 'id must be string'],
    [{ id: 'a\0b' }, 'id must match pattern'],
    [{ source: 'a\0b' }, 'source must match pattern'],
    [{ source: null }, 'source must be string'],
    [{ customer: 7 }, 'customer must be string'],
    [{ type: {} }, 'type must be string'],
    [{ provider_cost: 0.1 }, 'provider_cost must be string'],
    [{ time: '1999-11-02T10:20:30Z' }, NO_TIME],
    [{ time: '2026-11-02T10:20:30' }, NO_TIME],
    [{ time: '2026-11-02T10:20:30+01:00' }, NO_TIME],
    [{ time: 'at 2026-11-02T10:20:30Z' }, NO_TIME],
    [{ time: '2026-11-02T10:20:30.1234567890Z' }, NO_TIME],
    [{ time: 0 }, 'time must be string'],
    [{ time: '2026-11-31T00:00:00Z' }, 'time is not a day of the calendar'],
    [{ time: '2026-11-02T24:00:00Z' }, 'time is not a day of the calendar'],
    [{ usage: [] }, 'usage must be object'],
    [{ usage: { input_tokens: '1' } }, 'usage.input_tokens must be integer'],
    [{ batch: 'no' }, 'batch must be boolean'],
    [{ status: 'late' }, 'status must be equal to one of the allowed values'],
    [{ latency_ms: -1 }, 'latency_ms must be >= 0'],
    [{ latency_ms: '1' }, 'latency_ms must be number'],
    [{ tags: 'x' }, 'tags must be array'],
    [{ tags: ['x', 1] }, 'tags.1 must be string'],
    [{ properties: [] }, 'properties must be object'],
    [{ properties: { s: null } }, 'properties.s must be string,number,boolean'],
  ])('is told its fault by field: %j', (fault, problem) => {
    expect(eventProblem({ ...event, ...fault })).toContain(problem);
  });
});

const batch = {
  project: 'p1',
  key: 'k1',
  request_id: 'r1',
  received_at: '2026-11-01T00:00:00.000Z',
  application: { id: 'a', provider: 'openai', model: 'm', time_zone: 'UTC' },
  events: [7, null],
};
const envelope = (change: object) => ({ v: 1, batches: [batch, { ...batch, ...change }] });

describe('an envelope', () => {
  it('is taken with or without an application, and with events of any kind', () => {
    expect(envelopeProblem(envelope({}))).toBeNull();
    expect(envelopeProblem(envelope({ application: undefined }))).toBeNull();
    const application = { ...batch.application, provider: null };
    expect(envelopeProblem(envelope({ application }))).toBeNull();
    expect(envelopeProblem({ batches: [] })).toBeNull();
  });

  it.each(['project', 'key', 'request_id', 'received_at', 'events'])('needs %s', (field) => {
    expect(envelopeProblem(envelope({ [field]: undefined }))).toBe(
      `batches.1 must have required property '${field}'`,
    );
  });

  it.each(['project', 'key', 'request_id', 'received_at', 'application', 'events'])(
    'has no number as %s',
    (field) => expect(envelopeProblem(envelope({ [field]: 7 }))).toContain(`batches.1.${field} `),
  );

  it.each(['id', 'provider', 'model', 'time_zone'])('has an application with a %s', (field) => {
    const without = { application: { ...batch.application, [field]: undefined } };
    expect(envelopeProblem(envelope(without))).toBe(
      `batches.1.application must have required property '${field}'`,
    );
    const other = { application: { ...batch.application, [field]: 7 } };
    expect(envelopeProblem(envelope(other))).toContain(`batches.1.application.${field} must be`);
  });

  it.each<[unknown, string]>([
    [7, 'the item must be object'],
    [{ batches: {} }, 'batches must be array'],
    [{ batches: [7] }, 'batches.0 must be object'],
    [envelope({ project: 'a\0b' }), 'batches.1.project must match pattern'],
  ])('is refused: %j', (value, problem) => expect(envelopeProblem(value)).toContain(problem));
});
