import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BudgetWrites } from '#postgres/writes';
import { ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  mine = await harness.newProject();
});
afterAll(() => harness.close());

const post = (path: string, body: object) => harness.call('POST', path, { key: mine.key, body });
const get = (path: string) => harness.call('GET', path, { key: mine.key });

/** As a version did that took every zone that `Intl` knows. */
async function storedBudget(change: object): Promise<string> {
  const { id } = await new BudgetWrites(harness.postgres).create({
    id: `bud_${randomUUID().slice(0, 8)}`,
    project: mine.project,
    name: 'a budget',
    on: 'cost',
    scope: {},
    per: [],
    limit: '25',
    window: { kind: 'calendar', unit: 'month', time_zone: 'IST' },
    thresholds: [],
    hard: false,
    projected: false,
    suspended: false,
    raise: null,
    renotify_seconds: null,
    ...change,
  });
  return id;
}

describe('a time zone that stands for several', () => {
  const budget = (time_zone: string) => ({
    name: 'Monthly',
    on: 'cost',
    limit: '25',
    window: { kind: 'calendar', unit: 'month', time_zone },
  });
  const application = (time_zone: string) => ({ name: 'a', model: 'm', time_zone });

  it.each(['IST', 'ist', 'PST', 'CST'])(
    'is refused at every input that takes a zone: %s',
    async (zone) => {
      const refusals = [
        await post('/v1/budgets', budget(zone)),
        await post('/v1/applications', application(zone)),
        await get(`/v1/usage?window=day&time_zone=${zone}`),
      ];
      for (const [place, field] of ['window.time_zone', 'time_zone', 'time_zone'].entries()) {
        const { status, body } = refusals[place]!;
        expect([status, body.error.details]).toEqual([
          400,
          [{ field, message: 'must be an IANA time zone such as "Europe/Berlin"' }],
        ]);
      }
      const made = await post('/v1/applications', application('Asia/Kolkata'));
      const changed = await harness.call('PATCH', `/v1/applications/${String(made.body['id'])}`, {
        key: mine.key,
        body: { time_zone: zone },
      });
      expect([changed.status, changed.body.error.details[0]?.field]).toEqual([400, 'time_zone']);
    },
  );

  it('is taken in any letters where it is one, and told as what it is', async () => {
    const { status, body } = await get('/v1/usage?window=day&time_zone=europe/berlin');
    expect([status, body['time_zone']]).toEqual([200, 'Europe/Berlin']);
  });

  it('leaves a budget that was stored with it readable, and says that it counts nothing', async () => {
    const id = await storedBudget({});
    const { status, body } = await get(`/v1/budgets/${id}`);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        id,
        state: 'no_data',
        set_aside: '"IST" is no IANA time zone such as "Europe/Berlin"',
        spent: null,
        limit_in_force: '25',
      }),
    ]);
    const counters = await get(`/v1/budgets/${await storedBudget({ per: ['customer'] })}/counters`);
    expect([counters.status, counters.body.error.code]).toEqual([409, 'set_aside']);
    const sound = await storedBudget({
      window: { kind: 'calendar', unit: 'month', time_zone: 'Asia/Kolkata' },
    });
    expect((await get(`/v1/budgets/${sound}`)).body['set_aside']).toBeNull();
  });
});
