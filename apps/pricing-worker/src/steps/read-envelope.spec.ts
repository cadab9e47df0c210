import { describe, expect, it } from '@jest/globals';
import { readEnvelope } from './read-envelope.js';

const batch = {
  project: 'p1',
  key: 'k1',
  request_id: 'r1',
  received_at: '2026-11-01T00:00:00.000Z',
  events: [{ id: 'e1' }],
};
const headers = { schema: 'usage.recorded.v1' };
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a record of usage.recorded', () => {
  it('is read as its envelope, the events unchecked', () => {
    const envelope = { v: 1, batches: [{ ...batch, events: [{ id: 7 }, null] }] };
    expect(readEnvelope({ headers, value: bytes(envelope) })).toEqual(envelope);
  });

  it('is one of this schema where its headers name none', () => {
    const envelope = { v: 1, batches: [batch] };
    expect(readEnvelope({ headers: {}, value: bytes(envelope) })).toEqual(envelope);
  });

  it('that is not JSON is kept byte for byte', () => {
    const value = Buffer.from('{"v":1,');
    expect(readEnvelope({ headers, value })).toEqual({
      outcome: 'quarantined',
      reason: 'not_json',
      detail: 'the record is not JSON in UTF-8',
      project: null,
      source: null,
      id: null,
      payload: 'eyJ2IjoxLA==',
      payload_encoding: 'base64',
    });
  });

  it('that is not UTF-8 is not read with replaced characters', () => {
    const value = Buffer.concat([Buffer.from('"'), Buffer.from([0xc3, 0x28]), Buffer.from('"')]);
    expect(readEnvelope({ headers, value })).toMatchObject({ reason: 'not_json' });
  });

  it.each([
    ['another version', headers, { v: 2, batches: [] }, 'schema usage.recorded.v1, version 2'],
    ['no version', headers, { batches: [] }, 'schema usage.recorded.v1, version missing'],
    ['another schema', { schema: 'x.v1' }, { v: 1, batches: [] }, 'schema x.v1, version 1'],
    ['a number', headers, 7, 'schema usage.recorded.v1, version missing'],
    ['null', headers, null, 'schema usage.recorded.v1, version missing'],
  ])('of %s is an unknown schema', (_case, given, value, detail) => {
    expect(readEnvelope({ headers: given, value: bytes(value) })).toMatchObject({
      reason: 'unknown_schema',
      detail,
      payload: JSON.stringify(value),
      payload_encoding: 'json',
    });
  });

  it.each<[string, unknown, string, string | null]>([
    ['no batches', { v: 1 }, "the item must have required property 'batches'", null],
    [
      'a batch without a project',
      { v: 1, batches: [{ ...batch, project: '' }] },
      'batches.0.project must NOT have fewer than 1 characters',
      '',
    ],
    [
      'a time that is none',
      { v: 1, batches: [{ ...batch, received_at: 'now' }] },
      expect.stringContaining('batches.0.received_at must match pattern') as never,
      'p1',
    ],
    ['batches that are none', { v: 1, batches: [null, batch] }, 'batches.0 must be object', null],
    [
      'batches of two projects',
      {
        v: 1,
        batches: [
          { ...batch, key: 7 },
          { ...batch, project: 'p2' },
        ],
      },
      'batches.0.key must be string',
      null,
    ],
    [
      'batches of one project',
      { v: 1, batches: [{ ...batch, key: 7 }, batch] },
      'batches.0.key must be string',
      'p1',
    ],
    [
      'a project that is no text',
      { v: 1, batches: [{ ...batch, project: 7 }] },
      'batches.0.project must be string',
      null,
    ],
    ['a list of nothing', { v: 1, batches: 'none' }, 'batches must be array', null],
    [
      'a time on a day that February lacks',
      { v: 1, batches: [batch, { ...batch, received_at: '2026-02-30T00:00:00.000Z' }] },
      'batches.1.received_at is not a day of the calendar',
      'p1',
    ],
    [
      'a time of no day at all',
      { v: 1, batches: [{ ...batch, received_at: '2026-19-39T99:99:99.000Z' }] },
      'batches.0.received_at is not a day of the calendar',
      'p1',
    ],
    [
      'events that are no list',
      { v: 1, batches: [batch, { ...batch, project: 'p2', events: {} }] },
      'batches.1.events must be array',
      null,
    ],
  ])(
    'with %s is quarantined, shown to a project only when it is all its own',
    (_case, envelope, detail, project) => {
      expect(readEnvelope({ headers, value: bytes(envelope) })).toMatchObject({
        outcome: 'quarantined',
        reason: 'invalid_envelope',
        detail,
        project,
        payload: JSON.stringify(envelope),
        payload_encoding: 'json',
      });
    },
  );
});
