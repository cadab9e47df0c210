import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { partitionOf, type PricedUsage } from '#contracts';
import { createPriceBook, type PriceBook } from '#rating';
import { priceRecord } from './price-record.js';

let book: PriceBook;
beforeAll(async () => {
  book = await createPriceBook();
});

const PARTITION = 5;
const origin = {
  cluster: 'c1',
  partition: PARTITION,
  offset: '42',
  appended_at: '2026-11-01T10:00:01.000Z',
};
const batch = {
  project: 'p1',
  key: 'k1',
  request_id: 'r1',
  received_at: '2026-11-01T10:00:00.000Z',
};

function idIn(partition: number, name: string): string {
  for (let n = 0; ; n++) {
    const id = `${name}-${n}`;
    if (partitionOf({ project: 'p1', source: 'api', id }) === partition) return id;
  }
}

const idHere = (name: string) => idIn(PARTITION, name);

const halfSha256 = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);

function price(batches: unknown[]) {
  const value = Buffer.from(JSON.stringify({ v: 1, batches }));
  return priceRecord({ headers: {}, value }, origin, (request) => book.rateUsage(request));
}

const call = (name: string) => ({
  id: idHere(name),
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1000, output_tokens: 500 },
});

describe('a priced record', () => {
  it('has an item for every event, in order over all batches', () => {
    const events = [call('a'), call('b'), call('c')];
    const {
      v,
      origin: from,
      items,
    } = price([
      { ...batch, events: events.slice(0, 2) },
      { ...batch, events: events.slice(2) },
    ]);
    expect({ v, from }).toEqual({ v: 1, from: origin });
    expect(items.map((item) => item.id)).toEqual(events.map(({ id }) => id));
    expect(items.map((item) => item.outcome === 'usage' && item.cost.state)).toEqual([
      'priced',
      'priced',
      'priced',
    ]);
  });

  it('carries all that was sent, its identity, its content and its cost', () => {
    const event = {
      ...call('full'),
      type: 'llm.chat',
      time: '2026-10-31T23:59:59.5Z',
      customer: 'acme',
      user: 'u1',
      application: 'a1',
      conversation: 'c1',
      job: 'j1',
      purpose: 'chat',
      service_tier: 'default',
      batch: false,
      region: 'eu',
      status: 'ok' as const,
      latency_ms: 12.5,
      provider_response_id: 'resp_1',
      provider_cost: '0.008',
      tags: ['t'],
      properties: { tier: 'gold', retries: 2, cached: false },
    };
    // Keys in order, the default source filled in, the time as its instant with milliseconds.
    const canonical =
      '{"application":"a1","batch":false,"conversation":"c1","customer":"acme",' +
      `"id":"${event.id}","job":"j1","latency_ms":12.5,"model":"gpt-4o",` +
      '"properties":{"cached":false,"retries":2,"tier":"gold"},"provider":"openai","provider_cost":"0.008",' +
      '"provider_response_id":"resp_1","purpose":"chat","region":"eu","service_tier":"default","source":"api",' +
      '"status":"ok","tags":["t"],"time":"2026-10-31T23:59:59.500Z","type":"llm.chat",' +
      '"usage":{"input_tokens":1000,"output_tokens":500},"user":"u1"}';
    expect(price([{ ...batch, events: [event] }]).items).toEqual([
      {
        outcome: 'usage',
        ...event,
        identity: halfSha256(`p1\0api\0${event.id}`),
        content: halfSha256(canonical),
        project: 'p1',
        source: 'api',
        key: 'k1',
        event_time: '2026-10-31T23:59:59.500Z',
        time: undefined,
        received_at: '2026-11-01T10:00:00.000Z',
        cost: {
          state: 'priced',
          amount: '0.0075',
          lines: [
            {
              unit: 'input_tokens',
              quantity: 1000,
              price: '2.5',
              per: 1_000_000,
              amount: '0.0025',
            },
            { unit: 'output_tokens', quantity: 500, price: '10', per: 1_000_000, amount: '0.005' },
          ],
          price_version: 'genai-prices-0.1.8/rating-2',
        },
      },
    ]);
  });

  it('happened when it was received, when the sender names no time', () => {
    const [item] = price([{ ...batch, events: [call('now')] }]).items as PricedUsage[];
    expect(item?.event_time).toBe('2026-11-01T10:00:00.000Z');
  });

  it('says null, or an empty list or map, where nothing was sent', () => {
    const [item] = price([{ ...batch, events: [{ id: idHere('bare') }] }]).items as PricedUsage[];
    const { tags, properties, usage, ...rest } = item!;
    expect([tags, properties, usage]).toEqual([[], {}, {}]);
    expect(rest).toMatchObject({ source: 'api', type: 'llm.call', provider: null, model: null });
    const known = ['outcome', 'identity', 'content', 'project', 'source', 'id', 'type', 'key'];
    const others = Object.entries(rest).filter(([name]) => !known.includes(name));
    expect(others.filter(([, value]) => value !== null).map(([name]) => name)).toEqual([
      'event_time',
      'received_at',
      'cost',
    ]);
  });

  const application = { id: 'app', provider: 'openai', model: 'gpt-4o', time_zone: 'Asia/Tokyo' };
  const bareCall = (name: string) => {
    const { provider: _provider, model: _model, ...bare } = call(name);
    return bare;
  };

  it("takes a missing provider and model from the application's token", () => {
    const own = {
      ...call('own'),
      application: 'mine',
      provider: 'anthropic',
      model: 'claude-haiku-4-5',
    };
    const { items } = price([{ ...batch, application, events: [bareCall('stamp'), own] }]);
    // 1,000 in and 500 out: at 2.50 and 10 dollars a million, and at 1 and 5.
    expect(items).toMatchObject([
      { provider: 'openai', model: 'gpt-4o', application: 'app', cost: { amount: '0.0075' } },
      {
        provider: 'anthropic',
        model: 'claude-haiku-4-5',
        application: 'mine',
        cost: { amount: '0.0035' },
      },
    ]);
  });

  it('is other content under another application, provider or model of the token, and the same under another time zone', () => {
    const contentUnder = (change: object) => {
      const stamp = { ...application, ...change };
      const [item] = price([{ ...batch, application: stamp, events: [bareCall('same')] }]).items;
      return item?.outcome === 'usage' ? item.content : null;
    };
    const content = contentUnder({});
    expect(content).toMatch(/^[0-9a-f]{32}$/);
    expect(contentUnder({ time_zone: 'UTC' })).toBe(content);
    for (const change of [
      { id: 'bpp' },
      { provider: 'azure' },
      { provider: null },
      { model: 'o3' },
    ])
      expect(contentUnder(change)).not.toBe(content);
  });

  it.each([
    ['batch', { batch: true }, 'batch processing'],
    ['service_tier', { service_tier: 'flex' }, 'service tier flex'],
    ['region', { model: 'gpt-5.4', region: 'eu' }, 'region eu'],
  ])('is never priced as if %s had not been said', (_field, said, detail) => {
    const { items } = price([{ ...batch, events: [{ ...call('variant'), ...said }] }]);
    expect(items).toMatchObject([
      {
        outcome: 'usage',
        ...said,
        cost: { state: 'unpriced', reason: 'no_variant', detail: expect.stringContaining(detail) },
      },
    ]);
  });

  it('is the same bytes for the same record', () => {
    const twice = [1, 2].map(() => JSON.stringify(price([{ ...batch, events: [call('same')] }])));
    expect(twice[0]).toBe(twice[1]);
  });
});

describe('an event that cannot be usage', () => {
  it.each<[string, unknown, string]>([
    ['no object', 7, 'the item must be object'],
    ['null', null, 'the item must be object'],
    ['no id', { model: 'm' }, "the item must have required property 'id'"],
    ['an unknown field', { ...call('x'), modell: 'm' }, 'modell is unknown'],
    ['an unknown count', { id: idHere('x'), usage: { tokens: 1 } }, 'usage.tokens is unknown'],
    [
      'half a token',
      { id: idHere('x'), usage: { input_tokens: 0.5 } },
      'usage.input_tokens must be integer',
    ],
    [
      'a negative count',
      { id: idHere('x'), usage: { input_tokens: -1 } },
      'usage.input_tokens must be >= 0',
    ],
    [
      'a count beyond exactness',
      { id: idHere('x'), usage: { input_tokens: 2 ** 53 } },
      'usage.input_tokens must be <= 9007199254740991',
    ],
    ['no day', { ...call('x'), time: '2026-13-45T00:00:00Z' }, 'time is not a day of the calendar'],
    [
      'a day that February lacks',
      { ...call('x'), time: '2026-02-30T00:00:00Z' },
      'time is not a day of the calendar',
    ],
    [
      'an object as property',
      { id: idHere('x'), properties: { a: {} } },
      'properties.a must be string,number,boolean',
    ],
  ])('%s: is set aside with its reason, and its neighbours are priced', (_case, item, detail) => {
    const { items } = price([{ ...batch, events: [call('before'), item, call('after')] }]);
    expect(items).toMatchObject([
      { outcome: 'usage' },
      { outcome: 'quarantined', reason: 'invalid_event', detail, project: 'p1' },
      { outcome: 'usage' },
    ]);
  });

  it('keeps what it takes to send it again', () => {
    const item = { id: 'e', source: 's', modell: 'm' };
    const [quarantined] = price([{ ...batch, events: [item] }]).items;
    expect(quarantined).toMatchObject({ source: 's', id: 'e', payload_encoding: 'json' });
    const payload = quarantined?.outcome === 'quarantined' ? quarantined.payload : '';
    expect(JSON.parse(payload)).toEqual({ ...batch, events: [item] });
  });

  it.each([
    [{ id: 7 }, 'api', null],
    [{ id: 'e', source: 7 }, null, 'e'],
    [null, 'api', null],
  ])('says no more of itself than text: %j', (item, source, id) => {
    expect(price([{ ...batch, events: [item] }]).items).toMatchObject([{ source, id }]);
  });

  it('is one whose id another partition decides about', () => {
    const stranger = { ...call('x'), id: idIn(6, 'x') };
    expect(price([{ ...batch, events: [stranger] }]).items).toMatchObject([
      { outcome: 'quarantined', detail: 'its id belongs to partition 6, not 5' },
    ]);
  });
});
