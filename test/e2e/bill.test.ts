import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '#testing';
import { ApiClient } from './api-client.js';
import { type ProgramEnd, runProgram } from './run-program.js';

interface Bill {
  period: string;
  project: string;
  customers: (Record<string, string | number | null> & { lines: object[] })[];
  difference: string;
}

/** All events are of the last moment of the month before: it is over, and near enough to be sent still. */
const now = new Date();
const time = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()) - 1).toISOString();
const period = time.slice(0, 7);
/** What is billed is right, and some usage names nobody. */
const LEFT_OVER = 4;
const gpt = { provider: 'openai', model: 'gpt-4o' };
const mini = { provider: 'openai', model: 'gpt-4o-mini' };
const haiku = { provider: 'anthropic', model: 'claude-haiku-4-5' };
const ordinary = { input_tokens: 1_000, output_tokens: 500 };

let test: TestPlatform;
let project: string;
let client: ApiClient;
/** What the first run says of each customer. */
let billed: Bill['customers'];

beforeAll(async () => {
  test = await startTestPlatform('bill');
  const admin = ApiClient.of(test.platform, test.platform.surroundings.adminKey);
  const named = { name: 'Billed', markup: '1.25' };
  const made = await admin.ask<{ id: string }>('POST', '/v1/projects', { body: named });
  project = made.body.id;
  const body = { name: 'key', scopes: ['ingest', 'read'], project };
  const { key } = (await admin.ask<{ key: string }>('POST', '/v1/keys', { body })).body;
  client = admin.withKey(key);
});

afterAll(() => test.end());

async function send(...events: object[]): Promise<void> {
  const answer = await client.send(events.map((event) => ({ time, ...event })));
  expect([answer.status, answer.body.accepted]).toEqual([202, events.length]);
  await client.waitUntilCounted();
}

function runBill(args: string[], change: Record<string, string> = {}): Promise<ProgramEnd> {
  const { engines, stripe } = test.platform.surroundings;
  return runProgram('apps/billing/src/bill.js', ['--period', period, '--json', ...args], {
    KAFKA_BROKERS: engines.kafkaBrokers,
    DATABASE_URL: engines.databaseUrls.billing,
    CLICKHOUSE_URL: engines.clickhouseUrl,
    CLICKHOUSE_DATABASE: engines.clickhouseDatabase,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_URL: stripe.url ?? '',
    ...change,
  });
}

async function bill(of = project, expected = LEFT_OVER): Promise<Bill> {
  const { code, stdout, stderr } = await runBill(['--project', of]);
  expect([code, stderr]).toEqual([expected, expect.not.stringContaining('rror')]);
  return JSON.parse(stdout) as Bill;
}

/** What Stripe has, asked of Stripe itself. */
async function invoicesAtStripe(): Promise<{ id: string; total: number; status: string }[]> {
  const { secretKey, url } = test.platform.surroundings.stripe;
  const response = await fetch(`${url}/v1/invoices?limit=100`, {
    headers: { authorization: `Bearer ${secretKey}` },
  });
  return ((await response.json()) as { data: { id: string; total: number; status: string }[] })
    .data;
}

describe('npm run bill', () => {
  it('asks whole cents a line and keeps the remainder of each', async () => {
    await send(
      { id: 'a1', customer: 'acme', ...gpt, usage: ordinary },
      { id: 'a2', customer: 'acme', ...gpt, usage: ordinary },
      { id: 'a3', customer: 'acme', ...gpt, usage: ordinary },
      {
        id: 'a4',
        customer: 'acme',
        ...haiku,
        usage: { input_tokens: 10_000, output_tokens: 1_000 },
      },
      { id: 'a5', customer: 'acme', ...mini, usage: { input_tokens: 1_234, output_tokens: 567 } },
      { id: 't1', customer: 'tiny', ...mini, usage: { input_tokens: 1 } },
      { id: 'n1', ...gpt, usage: ordinary },
    );
    const { customers, difference, ...rest } = await bill();
    billed = customers;
    expect(rest).toMatchObject({ period, project });
    expect(difference).toBe('0');
    expect(customers).toMatchObject([
      {
        customer: 'acme',
        // 3 x 0.0075, 0.01 + 0.005, and 1,234 at 0.15 with 567 at 0.60 dollars a million.
        cost: '0.0380253',
        // Times 1.25: 0.028125, 0.01875 and 0.000656625, each rounded to whole cents.
        amount: '0.05',
        remainder: '-0.002468375',
        read_back: '0.05',
        difference: '0',
        unbilled: '0',
        stripe_status: 'open',
        lines: [
          { model: 'gpt-4o', events: 3, cost: '0.0225', amount: '0.03', remainder: '-0.001875' },
          { model: haiku.model, events: 1, cost: '0.015', amount: '0.02', remainder: '-0.00125' },
          {
            model: mini.model,
            events: 1,
            cost: '0.0005253',
            amount: '0',
            remainder: '0.000656625',
          },
        ],
      },
      {
        customer: 'tiny',
        cost: '0.00000015',
        amount: '0',
        remainder: '0.0000001875',
        stripe_invoice: expect.any(String),
        read_back: '0',
        difference: '0',
      },
      // What names nobody can be charged to nobody: 0.0075 x 1.25.
      { customer: null, stripe_invoice: null, unbilled: '0.009375' },
    ]);
    const totals = (await invoicesAtStripe()).map(({ total }) => total);
    expect(totals.sort((a, b) => a - b)).toEqual([0, 5]);
  });

  it('run again, twice at once, finds its invoices and makes no other', async () => {
    const before = await invoicesAtStripe();
    const again = ['--project', project];
    const runs = await Promise.all([runBill(again), runBill(again)]);
    // One of the two may find the project taken by the other, which is code 3.
    expect(runs.filter(({ code }) => code === LEFT_OVER).length).toBeGreaterThan(0);
    for (const { code, stdout, stderr } of runs) {
      expect([LEFT_OVER, 3]).toContain(code);
      if (code === LEFT_OVER) expect((JSON.parse(stdout) as Bill).customers).toEqual(billed);
      else expect(stderr).toContain('another run is billing this period');
    }
    expect(await invoicesAtStripe()).toEqual(before);
  });

  it('puts newer usage on a correction and leaves the invoice as it is', async () => {
    await send({ id: 'a6', customer: 'acme', ...gpt, usage: ordinary });
    const { customers, difference } = await bill();
    expect(difference).toBe('0');
    const [acme, correction, ...others] = customers;
    expect([acme, ...others]).toEqual(billed);
    // 0.03 x 1.25 is 0.0375, so 0.04 in all, of which 0.03 was asked.
    expect(correction).toMatchObject({
      customer: 'acme',
      correction: 1,
      cost: '0.0075',
      amount: '0.01',
      remainder: '-0.000625',
      read_back: '0.01',
      lines: [{ description: `correction of ${period}, openai gpt-4o: 1 event more` }],
    });
    const totals = (await invoicesAtStripe()).map(({ total }) => total);
    expect(totals.sort((a, b) => a - b)).toEqual([0, 1, 5]);
  });

  it('freezes nothing of a month that runs, unless it is told to', async () => {
    const running = new Date().toISOString().slice(0, 7);
    const args = ['--project', project, '--period', running];
    const refused = await runBill(args);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining(`${running} is not over`),
    ]);
    const early = await runBill([...args, '--early']);
    expect([early.code, (JSON.parse(early.stdout) as Bill).customers]).toEqual([0, []]);
  });

  it("keeps another project's customer of the same name apart", async () => {
    const demo = ApiClient.of(test.platform);
    const event = { id: 'a1', customer: 'acme', time, ...gpt };
    await demo.send({ ...event, usage: { input_tokens: 400_000 } });
    await demo.waitUntilCounted();
    const { customers } = await bill(test.platform.demoAccess.project, 0);
    // 400,000 at 2.50 dollars a million, without a markup.
    expect(customers).toMatchObject([{ customer: 'acme', amount: '1', remainder: '0' }]);
    expect(billed[0]?.['stripe_invoice']).not.toBe(customers[0]?.['stripe_invoice']);
    expect(await invoicesAtStripe()).toHaveLength(4);
  });

  it('bills the demo project at the simulator only, and takes no live key unasked', async () => {
    const { project: demo } = test.platform.demoAccess;
    const real = await runBill(['--project', demo], {
      STRIPE_SECRET_KEY: 'sk_test_of_somebody',
      STRIPE_URL: '',
    });
    expect(real.code).toBe(1);
    expect(real.stderr).toContain('the demo project is billed at the simulator only');
    const live = await runBill(['--project', project], { STRIPE_SECRET_KEY: 'sk_live_x' });
    expect(live.code).not.toBe(0);
    expect(live.stderr).toMatch(/live/);
    expect(await invoicesAtStripe()).toHaveLength(4);
  });
});
