import { describe, expect, it } from '@jest/globals';
import { CARRIED_FIELDS, EVENT_FIELDS, type QuarantinedUsage } from '#contracts';
import { pricedUsage } from '#samples';
import { readPricedRecord } from './read-priced-record.js';

const origin = {
  cluster: 'c1',
  partition: 5,
  offset: '42',
  appended_at: '2026-11-02T10:20:31.500Z',
};
const usage = pricedUsage({ id: 'e1' });
const quarantined: QuarantinedUsage = {
  outcome: 'quarantined',
  reason: 'invalid_event',
  detail: 'modell is unknown',
  project: null,
  source: null,
  id: null,
  payload: '{}',
  payload_encoding: 'json',
};
const read = (envelope: unknown) => readPricedRecord(Buffer.from(JSON.stringify(envelope)));
const itemsOf = (...items: unknown[]) => {
  const record = read({ v: 1, origin, items });
  if (!record.readable) throw new Error(record.detail);
  return record.items;
};
/** What an item is told to be wrong by; null when it stands. */
const problemOf = (item: unknown) => {
  const [found] = itemsOf(item);
  if (found?.outcome !== 'quarantined' || found.detail === quarantined.detail) return null;
  return found.detail;
};

describe('a record of usage.priced', () => {
  it('is read with its origin and its items, whatever their states', () => {
    const states = [
      usage,
      { ...usage, cost: { state: 'free', amount: '0', lines: [], price_version: 'v' } },
      {
        ...usage,
        cost: {
          state: 'unpriced',
          reason: 'unknown_model',
          detail: 'd',
          partial: '0.5',
          lines: [],
          price_version: 'v',
        },
      },
      quarantined,
      { ...quarantined, project: 'p', source: 's', id: 'i', payload_encoding: 'base64' },
    ];
    expect(read({ v: 1, origin, items: states })).toEqual({
      readable: true,
      origin,
      items: states,
    });
  });

  it('that is not JSON cannot be read', () => {
    expect(readPricedRecord(Buffer.from('{'))).toEqual({
      readable: false,
      detail: expect.stringMatching(/^not JSON: SyntaxError: .+/),
    });
  });

  const itself = { v: 1, origin, items: [] };
  it.each<[unknown, string]>([
    [null, 'data must be object'],
    [{ ...itself, v: 2 }, 'data/v must be equal to constant'],
    [{ ...itself, v: undefined }, "data must have required property 'v'"],
    [{ ...itself, items: {} }, 'data/items must be array'],
    [{ ...itself, items: undefined }, "data must have required property 'items'"],
    [{ ...itself, origin: undefined }, "data must have required property 'origin'"],
    [{ ...itself, origin: 'o' }, 'data/origin must be object'],
    ...Object.keys(origin).map((part): [unknown, string] => [
      { ...itself, origin: { ...origin, [part]: undefined } },
      `data/origin must have required property '${part}'`,
    ]),
    [{ ...itself, origin: { ...origin, cluster: 1 } }, 'data/origin/cluster must be string'],
    [{ ...itself, origin: { ...origin, partition: 0.5 } }, 'data/origin/partition must be integer'],
    [{ ...itself, origin: { ...origin, partition: -1 } }, 'data/origin/partition must be >= 0'],
    [{ ...itself, origin: { ...origin, offset: 1 } }, 'data/origin/offset must be string'],
    [{ ...itself, origin: { ...origin, offset: '-1' } }, 'data/origin/offset must match pattern'],
    [{ ...itself, origin: { ...origin, offset: '1x' } }, 'data/origin/offset must match pattern'],
    [
      { ...itself, origin: { ...origin, appended_at: 'now' } },
      'data/origin/appended_at must match pattern',
    ],
    [
      { ...itself, origin: { ...origin, appended_at: '2026-02-30T00:00:00.000Z' } },
      'origin.appended_at is no date',
    ],
  ])('cannot be read where it is %j', (envelope, detail) => {
    expect(read(envelope)).toEqual({ readable: false, detail: expect.stringContaining(detail) });
  });
});

describe('an item that does not fit', () => {
  it('is quarantined in its place, whole, and its neighbours are read', () => {
    const wrong = { ...usage, identity: 'short' };
    expect(itemsOf(usage, wrong, quarantined)).toEqual([
      usage,
      {
        outcome: 'quarantined',
        reason: 'invalid_event',
        detail: expect.stringContaining('data/identity must match pattern'),
        project: 'p1',
        source: 'api',
        id: 'e1',
        payload: JSON.stringify(wrong),
        payload_encoding: 'json',
      },
      quarantined,
    ]);
  });

  it.each([null, 7, 'text', [], {}, { outcome: 'lost' }])('may be anything: %j', (item) => {
    expect(itemsOf(item, usage)).toEqual([
      {
        outcome: 'quarantined',
        reason: 'invalid_event',
        detail: 'outcome is neither usage nor quarantined',
        project: null,
        source: null,
        id: null,
        payload: JSON.stringify(item),
        payload_encoding: 'json',
      },
      usage,
    ]);
  });

  it('says no more of itself than text', () => {
    const [item] = itemsOf({ ...usage, project: 1, source: ['s'], id: { a: 1 } });
    expect(item).toMatchObject({ project: null, source: null, id: null });
  });

  it('is told by its own fault, whatever stood before it', () => {
    const wrong = { ...quarantined, detail: 7 };
    const [, behind] = itemsOf({ ...usage, identity: 'short' }, wrong);
    expect(behind).toMatchObject({ detail: 'data/detail must be string' });
    expect(problemOf(wrong)).toBe('data/detail must be string');
  });

  it.each(Object.keys(usage).filter((field) => field !== 'outcome'))('lacks %s', (field) => {
    expect(problemOf({ ...usage, [field]: undefined })).toBe(
      `data must have required property '${field}'`,
    );
  });

  it.each(Object.keys(usage).filter((field) => field !== 'outcome'))('has another %s', (field) => {
    // Whatever a field is, it is no list in a list.
    expect(problemOf({ ...usage, [field]: [[]] })).toContain(`data/${field}`);
  });

  it.each(Object.keys(quarantined).filter((field) => field !== 'outcome'))(
    'was set aside and lacks %s, or has another',
    (field) => {
      const without = { ...quarantined, detail: 'd', [field]: undefined };
      expect(problemOf(without)).toBe(`data must have required property '${field}'`);
      const other = { ...quarantined, detail: 'd', [field]: 7 };
      expect(problemOf(other)).toContain(`data/${field} must be`);
    },
  );

  it.each([
    ['identity', 'g'.repeat(32)],
    ['identity', 'a'.repeat(33)],
    ['content', 'a'.repeat(31)],
    ['event_time', '2026-11-02T10:20:30Z'],
    ['event_time', '+002026-11-02T10:20:30.123Z'],
    ['received_at', '2026-11-02T10:20:30.123Z+1'],
    ['tags', [1]],
    ['properties', { a: null }],
    ['batch', 'yes'],
    ['latency_ms', '12'],
    ['usage', { input_tokens: -1 }],
    ['usage', { input_tokens: 0.5 }],
    ['usage', { input_tokens: 2 ** 53 }],
  ])('has as %s the value %j', (field, value) => {
    expect(problemOf({ ...usage, [field]: value })).toContain(`data/${field}`);
  });

  it.each([
    ['event_time', '2026-02-30T00:00:00.000Z'],
    ['event_time', '2026-13-01T00:00:00.000Z'],
    ['received_at', '2026-11-02T24:00:00.000Z'],
  ])('has as %s a moment on no calendar: %s', (field, value) => {
    expect(problemOf({ ...usage, [field]: value })).toBe(`${field} is no date`);
  });

  const priced = { state: 'priced', amount: '0.0075', lines: [], price_version: 'v' };
  const unpriced = { ...priced, state: 'unpriced', reason: 'no_usage', detail: '', partial: '0' };
  it.each<[object, string]>([
    [{ ...priced, state: 'guessed' }, 'data/cost/state must be equal to one of the allowed values'],
    [{ ...priced, state: undefined }, "data/cost must have required property 'state'"],
    [{ ...priced, lines: undefined }, "data/cost must have required property 'lines'"],
    [{ ...priced, lines: {} }, 'data/cost/lines must be array'],
    [
      { ...priced, price_version: undefined },
      "data/cost must have required property 'price_version'",
    ],
    [{ ...priced, price_version: 1 }, 'data/cost/price_version must be string'],
    [{ ...priced, amount: 1 }, 'data/cost/amount must be string'],
    [{ ...priced, amount: 'much' }, 'cost is no amount of dollars'],
    [{ ...priced, amount: undefined }, 'cost is no amount of dollars'],
    [{ ...unpriced, partial: undefined }, 'cost is no amount of dollars'],
    [{ ...unpriced, partial: '1e3' }, 'cost is no amount of dollars'],
    [{ ...unpriced, partial: 1 }, 'data/cost/partial must be string'],
    [{ ...unpriced, detail: 1 }, 'data/cost/detail must be string'],
    [
      { ...unpriced, reason: 'bad luck' },
      'data/cost/reason must be equal to one of the allowed values',
    ],
  ])('costs %j', (cost, problem) => expect(problemOf({ ...usage, cost })).toBe(problem));
});

describe('an item', () => {
  it('fits with what was not sent: null, or an empty list or map', () => {
    const empty = CARRIED_FIELDS.map((field) => {
      const { kind } = EVENT_FIELDS[field];
      return [field, kind === 'list' ? [] : kind === 'map' ? {} : null];
    });
    expect(problemOf({ ...usage, ...Object.fromEntries(empty) })).toBeNull();
  });

  it('fits with all that can be sent', () => {
    const sent = {
      tags: ['t'],
      properties: { s: 'text', n: 1.5, b: false },
      batch: true,
      latency_ms: 12.5,
      provider_cost: '0.1',
      status: 'error',
      usage: { input_tokens: 2 ** 53 - 1, output_tokens: 0 },
    };
    expect(problemOf({ ...usage, ...sent })).toBeNull();
  });
});
