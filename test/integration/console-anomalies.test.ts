import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnomalyMark } from '#contracts';
import { AnomalyMarkWrites } from '#postgres/writes';
import { ConsoleHarness } from './console-harness.js';

const SETTINGS = '/v1/anomaly-settings';
const DEFAULTS = {
  enabled: true,
  sensitivity: 'medium',
  measures: ['cost'],
  minimum_volume: { cost: '1', tokens: '100000', requests: '100' },
};

let harness: ConsoleHarness;
let mine: { project: string; key: string };
let other: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  [mine, other] = [await harness.newProject(), await harness.newProject()];
});

const get = (url: string, key = mine.key) => harness.call('GET', url, { key });
const change = (body: unknown, key = mine.key) => harness.call('PATCH', SETTINGS, { key, body });

/** Marks a day as the aggregator does. */
async function mark(over: Partial<AnomalyMark> & { id: string }): Promise<void> {
  const whole: AnomalyMark = {
    project: mine.project,
    dimension: 'customer',
    subject: 'acme',
    day: '2026-11-13',
    measure: 'cost',
    direction: 'high',
    value: '412.800000000001',
    expected: '58.1',
    deviation: '6.4',
    score: 18.93,
    explanation: 'said',
    ...over,
  };
  const { id, project, dimension, day } = whole;
  const alert = {
    v: 1,
    id,
    project,
    type: 'anomaly.detected',
    raised_at: '',
    raised_by: null,
    data: {},
  } as const;
  const judged = {
    project,
    dimension,
    measures: [],
    days: [{ day, directions: [] }],
    subjects: [],
  };
  await new AnomalyMarkWrites(harness.postgres).replace(judged, [{ ...whole, alert }]);
}

const idsOf = async (query: string): Promise<string[]> =>
  (await get(`/v1/anomalies?${query}`)).body.data.map(({ id }) => String(id)).sort();

describe('anomalies', () => {
  it('are listed with their numbers', async () => {
    await mark({ id: 'a' });
    const { status, body } = await get('/v1/anomalies');
    expect([status, body]).toEqual([
      200,
      {
        data: [
          {
            id: 'a',
            dimension: 'customer',
            subject: 'acme',
            day: '2026-11-13',
            on: 'cost',
            direction: 'high',
            value: '412.800000000001',
            expected: '58.1',
            deviation: '6.4',
            score: 18.93,
            explanation: 'said',
            created_at: expect.stringMatching(/Z$/),
          },
        ],
        next_cursor: null,
      },
    ]);
  });

  it('are found by day, customer, model and dimension', async () => {
    await mark({ id: 'a12', day: '2026-11-12' });
    await mark({ id: 'a13' });
    await mark({ id: 'b14', subject: 'bolt', day: '2026-11-14', direction: 'low' });
    // A model may have a customer's name.
    await mark({ id: 'm13', dimension: 'model' });
    expect(await idsOf('from=2026-11-13')).toEqual(['a13', 'b14', 'm13']);
    expect(await idsOf('from=2026-11-12T00:00:00.001Z&to=2026-11-14')).toEqual(['a13', 'm13']);
    expect(await idsOf('to=2026-11-12T00:00:00.001Z')).toEqual(['a12']);
    expect(await idsOf('customer=acme')).toEqual(['a12', 'a13']);
    expect(await idsOf('customer=acme&from=2026-11-13')).toEqual(['a13']);
    expect(await idsOf('model=acme')).toEqual(['m13']);
    expect(await idsOf('dimension=model')).toEqual(['m13']);
    expect(await idsOf('customer=acme&model=acme')).toEqual([]);
    expect(await idsOf('customer=acme&dimension=model')).toEqual([]);
  });

  it('come in pages, each once', async () => {
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) await mark({ id, subject: id });
    const first = await get('/v1/anomalies?limit=3');
    const second = await get(`/v1/anomalies?limit=3&cursor=${String(first.body['next_cursor'])}`);
    expect([first.body.data.length, second.body['next_cursor']]).toEqual([3, null]);
    const all = [...first.body.data, ...second.body.data].map(({ id }) => String(id));
    expect(all.sort()).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
  });

  it('are those of the project of the key', async () => {
    await mark({ id: 'theirs', project: other.project });
    expect((await get('/v1/anomalies')).body.data).toEqual([]);
    expect((await get('/v1/anomalies', other.key)).body.data).toHaveLength(1);
  });

  it.each([
    ['from=yesterday', 'from'],
    ['to=2026-02-30', 'to'],
    ['dimension=user', 'dimension'],
    ['customer=a%00b', 'customer'],
    ['limit=0', 'limit'],
    ['state=open', 'state'],
  ])('are not asked for by %s: the field is named', async (query, field) => {
    const { status, body } = await get(`/v1/anomalies?${query}`);
    expect([status, body.error.details[0]?.field]).toEqual([400, field]);
  });
});

describe('the settings of anomalies', () => {
  it('are the defaults until they are changed, each by itself', async () => {
    expect((await get(SETTINGS)).body).toEqual(DEFAULTS);
    const quiet = { ...DEFAULTS, sensitivity: 'low' };
    expect((await change({ sensitivity: 'low' })).body).toEqual(quiet);
    const volumes = { ...DEFAULTS.minimum_volume, cost: '2.5' };
    expect((await change({ minimum_volume: { cost: '02.50' } })).body).toEqual({
      ...quiet,
      minimum_volume: volumes,
    });
    const measures = ['requests', 'tokens'];
    await change({ enabled: false, measures });
    expect((await get(SETTINGS)).body).toEqual({
      enabled: false,
      sensitivity: 'low',
      measures,
      minimum_volume: volumes,
    });
    expect((await change({})).status).toBe(200);
    expect((await get(SETTINGS, other.key)).body).toEqual(DEFAULTS);
  });

  it.each([
    [{ enabled: 'yes' }, 'enabled'],
    [{ enabled: null }, 'enabled'],
    [{ sensitivity: 5 }, 'sensitivity'],
    [{ sensitivity: 'extreme' }, 'sensitivity'],
    [{ measures: [] }, 'measures'],
    [{ measures: 'cost' }, 'measures'],
    [{ measures: ['cost', 'cost'] }, 'measures'],
    [{ measures: ['latency'] }, 'measures'],
    [{ minimum_volume: '1' }, 'minimum_volume'],
    [{ minimum_volume: ['1'] }, 'minimum_volume'],
    [{ minimum_volume: { cost: '0' } }, 'minimum_volume.cost'],
    [{ minimum_volume: { cost: 1 } }, 'minimum_volume.cost'],
    [{ minimum_volume: { cost: '1e3' } }, 'minimum_volume.cost'],
    [{ minimum_volume: { tokens: '1.5' } }, 'minimum_volume.tokens'],
    [{ minimum_volume: { requests: '-1' } }, 'minimum_volume.requests'],
    [{ minimum_volume: { latency: '1' } }, 'minimum_volume.latency'],
    [{ dimension: 'user' }, 'dimension'],
  ])('are not changed by %j: the field is named', async (body, field) => {
    const answer = await change(body);
    expect([answer.status, answer.body.error.details[0]?.field]).toEqual([400, field]);
    expect((await get(SETTINGS)).body).toEqual(DEFAULTS);
  });

  it('are read with `read` and changed with `manage`', async () => {
    const reader = await harness.newKey(mine.project, ['read']);
    const manager = await harness.newKey(mine.project, ['manage']);
    expect((await get(SETTINGS, reader)).status).toBe(200);
    expect((await change({}, reader)).status).toBe(403);
    expect((await change({}, manager)).status).toBe(200);
    expect((await get('/v1/anomalies', manager)).status).toBe(403);
    expect((await harness.call('GET', '/v1/anomalies', {})).status).toBe(401);
  });

  it('follow each other when two changes come at once', async () => {
    await Promise.all([
      change({ sensitivity: 'high' }),
      change({ enabled: false }),
      change({ measures: ['tokens'] }),
      change({ minimum_volume: { tokens: '7' } }),
    ]);
    expect((await get(SETTINGS)).body).toEqual({
      enabled: false,
      sensitivity: 'high',
      measures: ['tokens'],
      minimum_volume: { ...DEFAULTS.minimum_volume, tokens: '7' },
    });
  });
});
