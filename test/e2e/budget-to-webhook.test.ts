import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '#testing';
import { findFreePort } from '../../dev/platform/ports.js';
import { AlertInbox } from './alert-inbox.js';
import { ApiClient } from './api-client.js';
import { BudgetCaller, byText } from './budget-caller.js';
import { ForegroundCommand } from './foreground-command.js';
import { readBlocks } from './page-blocks.js';

const HEADING = 'From a budget to a webhook in three minutes';
const PRINTED_MS_MAX = 30_000;

let test: TestPlatform;
let client: ApiClient;
let inbox: AlertInbox;
let caller: BudgetCaller;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
  test = await startTestPlatform('budget-to-webhook', { apps });
  client = ApiClient.of(test.platform);
  inbox = await AlertInbox.open(client);
  caller = new BudgetCaller(client, inbox);
});
afterAll(async () => {
  await inbox.close();
  await test.end();
});

describe("the page's path", () => {
  it('works as pasted, with its receiver of ten lines', async () => {
    const { directory } = test.platform;
    const [receiver = ''] = readBlocks('docs/budgets.md', HEADING, 'js');
    const [printed = ''] = readBlocks('docs/budgets.md', HEADING, 'text');
    expect(receiver.split('\n').filter((line) => line !== '')).toHaveLength(9);
    const port = String(await findFreePort());
    const move = (text: string) =>
      text
        .replaceAll('.reckoner/platform.json', join(directory, 'platform.json'))
        .replaceAll('receiver.mjs', join(directory, 'receiver.mjs'))
        .replaceAll('http://127.0.0.1:4000', test.platform.url('ingest-api'))
        .replaceAll('http://127.0.0.1:4001', test.platform.url('console'))
        .replaceAll('9000', port);
    writeFileSync(join(directory, 'receiver.mjs'), move(receiver));
    const script = [
      "trap 'kill $!' INT",
      ...readBlocks('docs/budgets.md', HEADING, 'sh').map(move),
      'wait',
    ];
    writeFileSync(join(directory, 'paste.sh'), script.join('\n'));
    const shell = new ForegroundCommand(`bash -e '${join(directory, 'paste.sh')}'`);
    try {
      for (const line of printed.trimEnd().split('\n'))
        await shell.waitForText(line, PRINTED_MS_MAX);
    } finally {
      await shell.interrupt();
    }
    expect(shell.output.match(/^budget\..*$/gm)).toEqual(printed.trimEnd().split('\n'));
  });
});

describe('a budget', () => {
  it('tells all about the crossing, signed, within 2 s of the 202', async () => {
    const budget = await caller.make({
      name: 'Initech, a month',
      scope: { customer: 'initech', model: 'gpt-4o' },
      per: ['customer'],
      limit: '0.05',
      thresholds: ['0.01'],
    });
    await caller.send({ id: 'initech-1', customer: 'initech' });
    // Two events may lie in two partitions, and be counted in either order.
    await client.waitUntilCounted();
    const time = new Date().toISOString();
    await caller.send({ id: 'initech-2', customer: 'initech', time });
    await caller.alertsOf(budget, 1);
    const [event] = inbox.of(budget);
    const month = (later: number) => {
      const now = new Date();
      return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later)).toISOString();
    };
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'budget.threshold_reached',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      sequence: expect.any(Number),
      data: expect.objectContaining({
        budget,
        name: 'Initech, a month',
        on: 'cost',
        counter: { customer: 'initech' },
        limit: '0.05',
        value: '0.015',
        window_start: month(0),
        window_end: month(1),
        threshold: '0.01',
        event_time: time,
      }),
    });
  });

  it('sends one alert for each threshold that an event crosses', async () => {
    const fields = {
      scope: { customer: 'hooli' },
      limit: '0.02',
      thresholds: ['50%', '75%', '99%'],
    };
    const budget = await caller.make(fields);
    const usage = { input_tokens: 1_000, output_tokens: 2_000 };
    await caller.send({ id: 'hooli-1', customer: 'hooli', usage });
    expect((await caller.alertsOf(budget, 4)).sort(byText)).toEqual([
      ['budget.breached', '100%', '0.0225'],
      ['budget.threshold_reached', '50%', '0.0225'],
      ['budget.threshold_reached', '75%', '0.0225'],
      ['budget.threshold_reached', '99%', '0.0225'],
    ]);
  });

  it('that reaches its limit to the cent is breached, and sends nothing else then or later', async () => {
    const fields = {
      scope: { customer: 'umbrella' },
      limit: '0.015',
      thresholds: ['100%', '0.015'],
    };
    const budget = await caller.make(fields);
    await caller.send({ id: 'umbrella-1', customer: 'umbrella' });
    await caller.send({ id: 'umbrella-2', customer: 'umbrella' });
    expect(await caller.alertsOf(budget, 1)).toEqual([['budget.breached', '100%', '0.015']]);
    await caller.send({ id: 'umbrella-3', customer: 'umbrella' });
    await caller.send({ id: 'umbrella-2', customer: 'umbrella' });
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toHaveLength(1);
  });

  it('has a counter for each value of its `per`', async () => {
    const fields = { on: 'tokens', scope: { tag: 'per' }, per: ['customer'], limit: '3000' };
    const budget = await caller.make(fields);
    for (const id of ['a-1', 'a-2', 'b-1'])
      await caller.send({ id: `per-${id}`, customer: id.slice(0, 1), tags: ['per'] });
    expect(await caller.alertsOf(budget, 1)).toEqual([['budget.breached', '100%', '3000']]);
    expect(inbox.of(budget).map(({ data }) => data['counter'])).toEqual([{ customer: 'a' }]);
    await caller.send({ id: 'per-b-2', customer: 'b', tags: ['per'] });
    await caller.alertsOf(budget, 2);
    expect(inbox.of(budget).map(({ data }) => data['counter'])).toEqual([
      { customer: 'a' },
      { customer: 'b' },
    ]);
  });
});
