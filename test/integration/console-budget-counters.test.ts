import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import { BudgetsHarness, NOVEMBER, spend } from './budgets-harness.js';

const BUDGETS = '/v1/budgets';
let harness: BudgetsHarness;

beforeAll(async () => {
  harness = await BudgetsHarness.open();
});
afterAll(() => harness.close());
beforeEach(() => harness.begin());
afterEach(() => {
  jest.restoreAllMocks();
});

describe('the counters of a budget', () => {
  it('are listed by their keys, page by page, with a state each', async () => {
    const id = await harness.newBudget({ per: ['customer', 'tag'], thresholds: ['50%'] });
    const keyed = (customer: string, tag: string, cents: number) => ({
      ...spend(cents, { customer, tag }),
    });
    await harness.count(id, [
      keyed('acme', 'b', 5_000),
      keyed('acme', 'a', 100),
      keyed('blue', 'a', 10_001),
      keyed('"quoted"', 'a', 1),
    ]);
    await harness.breach(id, { customer: 'acme', tag: 'a' });
    const pages = [await harness.call('GET', `/${id}/counters?limit=3`)];
    const cursor = String(pages[0]!.body['next_cursor']);
    pages.push(await harness.call('GET', `/${id}/counters?limit=3&cursor=${cursor}`));
    expect(pages[1]!.body['next_cursor']).toBeNull();
    const listed = pages.flatMap(({ body }) => body.data);
    expect(listed).toEqual(
      expect.arrayContaining([
        {
          key: { customer: 'acme', tag: 'b' },
          state: 'warning',
          spent: '50',
          remaining: '50',
          ...NOVEMBER,
          as_of: null,
        },
        expect.objectContaining({ key: { customer: 'acme', tag: 'a' }, state: 'recovered' }),
        expect.objectContaining({ state: 'breached', remaining: '-0.01' }),
        expect.objectContaining({ key: { customer: '"quoted"', tag: 'a' }, spent: '0.01' }),
      ]),
    );
    expect(listed).toHaveLength(4);
    const found = await harness.call('GET', `/${id}/counters?customer=acme`);
    expect(found.body.data.map(({ spent }) => spent)).toEqual(['1', '50']);
  });

  it('are listed in their order however many there are, each once', async () => {
    const id = await harness.newBudget({ per: ['customer'] });
    // Names in another order than their numbers: customer 0 to 1199.
    const numbers = Array.from({ length: 1_200 }, (_, n) => (n * 7) % 1_200);
    await harness.count(
      id,
      numbers.map((n) => spend(n + 1, { customer: `c${n}` })),
    );
    const listed: [string, string][] = [];
    let path = `/${id}/counters?limit=500`;
    for (let cursor: unknown = null; cursor !== undefined;) {
      const { body } = await harness.call('GET', path);
      listed.push(
        ...body.data.map(({ key, spent }): [string, string] => [
          JSON.stringify(key),
          String(spent),
        ]),
      );
      cursor = body['next_cursor'] ?? undefined;
      path = `/${id}/counters?limit=500&cursor=${String(cursor)}`;
    }
    const expected = numbers.map((n): [string, string] => [
      `{"customer":"c${n}"}`,
      String((n + 1) / 100),
    ]);
    expect(listed).toEqual(expected.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

  it('are found by customer without a look at the others', async () => {
    const id = await harness.newBudget({ per: ['customer'] });
    await harness.count(id, [spend(1, { customer: 'acme' }), spend(2, { customer: 'blue' })]);
    const of = async (query: string) =>
      (await harness.call('GET', `/${id}/counters${query}`)).body.data;
    expect(await of('?customer=blue')).toMatchObject([
      { key: { customer: 'blue' }, spent: '0.02' },
    ]);
    expect(await of('?customer=green')).toEqual([]);
    expect(await of('')).toHaveLength(2);
  });

  it('of which there is one are that one, also without usage', async () => {
    const id = await harness.newBudget();
    await harness.count(id, []);
    const { body } = await harness.call('GET', `/${id}/counters`);
    expect(body.data).toMatchObject([{ key: {}, state: 'ok', spent: '0', remaining: '100' }]);
    expect((await harness.call('GET', `/${id}/counters?customer=acme`)).body.data).toEqual([]);
  });

  it('belong to the project', async () => {
    const id = await harness.newBudget();
    const { key } = await harness.console.newProject();
    expect((await harness.console.call('GET', `${BUDGETS}/${id}/counters`, { key })).status).toBe(
      404,
    );
    const reader = await harness.console.newKey(harness.project, ['manage']);
    expect(
      (await harness.console.call('GET', `${BUDGETS}/${id}/counters`, { key: reader })).status,
    ).toBe(403);
  });
});
