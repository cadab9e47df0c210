import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_SOURCE, partitionOf, USAGE_PARTITIONS } from '#contracts';
import { startTestPlatform, type TestPlatform } from '#testing';
import { ApiClient, type Page, type UsageAnswer } from './api-client.js';
import { LogWriter } from './log-writer.js';

interface StoredEvent {
  id: string;
  fate: string;
  reason: string | null;
  repeats: number;
  conflicts: number;
  cost: string | null;
  lines: object[];
  position: object;
}

interface Quarantined {
  id: string;
  reason: string;
  detail: string;
  event_id: string | null;
}

const usage = { input_tokens: 1_000, cache_read_tokens: 200, output_tokens: 500 };
const call = { provider: 'openai', model: 'gpt-4o', usage };

let test: TestPlatform;
let client: ApiClient;
let log: LogWriter;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'console'] as const;
  test = await startTestPlatform('events', { apps });
  client = ApiClient.of(test.platform);
  log = new LogWriter(test.platform);
});

afterAll(async () => {
  await log.close();
  await test.end();
});

const eventPath = (id: string) => `/v1/events/${encodeURIComponent(id)}`;

async function eventOf(id: string): Promise<StoredEvent> {
  const { status, text, body } = await client.get<StoredEvent>(eventPath(id));
  expect([status, text]).toEqual([200, expect.stringContaining('fate')]);
  return body;
}

function partitionOfDemo(id: string): number {
  return partitionOf({ project: test.platform.demoAccess.project, source: DEFAULT_SOURCE, id });
}

async function quarantined(eventId: string | null): Promise<Quarantined[]> {
  const { body } = await client.get<Page<Quarantined>>('/v1/quarantine');
  return body.data.filter(({ event_id }) => event_id === eventId);
}

describe('GET /v1/events/{id}', () => {
  it('shows the event with the working of its price and its place in the log', async () => {
    const sent = { id: 'working', customer: 'acme', tags: ['a'], properties: { n: 1 }, ...call };
    expect((await client.send(sent)).status).toBe(202);
    await client.waitUntilCounted();
    expect(await eventOf('working')).toMatchObject({
      ...sent,
      source: 'api',
      type: 'llm.call',
      fate: 'priced',
      reason: null,
      repeats: 0,
      conflicts: 0,
      // 800 at 2.50, 200 at 1.25 and 500 at 10 dollars a million.
      cost: '0.00725',
      lines: [
        { unit: 'input_tokens', quantity: 800, price: '2.5', per: 1_000_000, amount: '0.002' },
        { unit: 'output_tokens', quantity: 500, price: '10', per: 1_000_000, amount: '0.005' },
        {
          unit: 'cache_read_tokens',
          quantity: 200,
          price: '1.25',
          per: 1_000_000,
          amount: '0.00025',
        },
      ],
      price_version: expect.stringContaining('genai-prices-0.1.8'),
      position: {
        topic: 'usage.recorded',
        partition: partitionOfDemo('working'),
        offset: expect.any(Number),
        index: 0,
      },
    });
  });

  it('counts what came again and lists what contradicts it', async () => {
    const first = { id: 'again', customer: 'again', ...call };
    for (const sent of [first, first, first, { ...first, customer: 'somebody else' }])
      expect((await client.send(sent)).status).toBe(202);
    await client.waitUntilCounted();
    expect(await eventOf('again')).toMatchObject({ customer: 'again', repeats: 2, conflicts: 1 });
    expect(await client.usage('?customer=again')).toMatchObject([{ events: 1, cost: '0.00725' }]);
    expect(await client.usage('?customer=somebody%20else')).toEqual([]);
    const { body } = await client.get<Page<object>>('/v1/conflicts');
    expect(body.data).toMatchObject([
      { id: 'again', source: 'api', customer: 'somebody else', event: { id: 'again' } },
    ]);
  });

  it.each([
    'with/slash',
    '100%',
    '%2F',
    'two words',
    'plus+and&more=?#',
    'Zoë 😀',
    '"quoted\\',
    '😀'.repeat(256),
  ])('finds an event by the id %s', async (id) => {
    expect((await client.send({ id, ...call })).status).toBe(202);
    await client.waitUntilCounted();
    expect(await eventOf(id)).toMatchObject({ id, fate: 'priced', cost: '0.00725' });
  });

  it('keeps the sources of one id apart', async () => {
    const sent = { id: 'two sources', ...call };
    const other = { ...sent, source: 'batch', usage: { input_tokens: 4_000 } };
    for (const one of [sent, other]) expect((await client.send(one)).status).toBe(202);
    await client.waitUntilCounted();
    const path = eventPath(sent.id);
    const found = await client.get<StoredEvent>(`${path}?source=batch`);
    expect(found.body).toMatchObject({ source: 'batch', cost: '0.01', conflicts: 0 });
    expect(await eventOf(sent.id)).toMatchObject({ source: 'api', cost: '0.00725' });
    expect((await client.get(`${path}?source=none`)).status).toBe(404);
  });

  it('says of an id that is not stored up to when that is certain', async () => {
    const { status, body } = await client.get('/v1/events/nowhere');
    expect([status, body.error.code]).toEqual([404, 'not_found']);
    expect(body.error.message).toMatch(
      /what was acknowledged after \d{4}-\d\d-\d\dT[\d:.]+Z \(fresh_to\) may be on its way/,
    );
  });
});

describe('what cannot become usage', () => {
  it('is listed with its reason, and counts once however often it is replayed', async () => {
    const { project } = test.platform.demoAccess;
    const event = { id: 'astray', customer: 'astray', ...call };
    const elsewhere = (partitionOfDemo(event.id) + 1) % USAGE_PARTITIONS;
    await log.writeEvent(project, elsewhere, event);
    await client.waitUntilCounted();
    expect(await eventOf('astray')).toMatchObject({
      fate: 'quarantined',
      reason: 'invalid_event',
      cost: null,
    });
    expect(await client.usage('?customer=astray')).toEqual([]);
    const [item] = await quarantined('astray');
    expect(item?.detail).toContain(`belongs to partition ${partitionOfDemo(event.id)}`);
    const path = `/v1/quarantine/${item?.id}/replay`;
    for (let times = 0; times < 2; times += 1)
      expect((await client.ask('POST', path)).status).toBe(202);
    await client.waitUntilCounted();
    expect(await client.usage('?customer=astray')).toMatchObject([{ events: 1, cost: '0.00725' }]);
    expect(await eventOf('astray')).toMatchObject({ fate: 'priced', repeats: 1, conflicts: 0 });
  });

  it('is quarantined again when it is still wrong', async () => {
    const { project } = test.platform.demoAccess;
    const event = { id: 'poison', usage: { input_tokens: -1 } };
    await log.writeEvent(project, partitionOfDemo(event.id), event);
    await client.waitUntilCounted();
    const [item] = await quarantined('poison');
    expect(item).toMatchObject({ reason: 'invalid_event' });
    expect(item?.detail).toContain('usage.input_tokens');
    await client.ask('POST', `/v1/quarantine/${item?.id}/replay`);
    await client.waitUntilCounted();
    expect(await quarantined('poison')).toHaveLength(2);
  });

  it('is shown to the admin alone when nobody knows whose it is, and costs no neighbour', async () => {
    await log.write(partitionOfDemo('neighbour'), 'no JSON at all');
    expect((await client.send({ id: 'neighbour', ...call })).status).toBe(202);
    await client.waitUntilCounted();
    expect(await eventOf('neighbour')).toMatchObject({ fate: 'priced' });
    expect(await quarantined(null)).toEqual([]);
    const admin = client.withKey(test.platform.surroundings.adminKey);
    const { body } = await admin.get<Page<Quarantined>>('/v1/quarantine');
    expect(body.data).toMatchObject([{ reason: 'not_json', event_id: null }]);
    const replay = await admin.ask('POST', `/v1/quarantine/${body.data[0]?.id}/replay`);
    expect([replay.status, replay.body.error.code]).toEqual([409, 'not_replayable']);
  });
});

describe('fresh_to', () => {
  it('is never later than what is counted, and comes up with the present', async () => {
    const acknowledgedMs: number[] = [];
    const sending = (async () => {
      for (let n = 0; n < 300; n += 1) {
        expect((await client.send({ id: `fresh-${n}`, customer: 'fresh' })).status).toBe(202);
        acknowledgedMs.push(Date.now());
      }
    })();
    let sent = false;
    const marked = sending.finally(() => (sent = true));
    let answers = 0;
    for (;;) {
      const { body } = await client.get<UsageAnswer>('/v1/usage?customer=fresh');
      const freshToMs = Date.parse(body.fresh_to ?? '');
      const certain = acknowledgedMs.filter((ms) => ms < freshToMs).length;
      const counted = body.data[0]?.events ?? 0;
      expect(counted).toBeGreaterThanOrEqual(certain);
      answers += 1;
      if (sent && certain === 300) break;
      if (sent) expect(Date.now() - acknowledgedMs.at(-1)!).toBeLessThan(10_000);
    }
    await marked;
    expect(answers).toBeGreaterThan(5);
    expect(await client.usage('?customer=fresh')).toMatchObject([{ events: 300 }]);
  });
});
