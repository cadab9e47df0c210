import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsoleHarness } from './console-harness.js';

const MAILBOX = { url: 'mailto:ops@example.com', events: ['*'], channel: 'email' };

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

const call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown, key = mine.key) =>
  harness.call(method, `/v1/webhook-endpoints${path}`, { key, body });

async function newMailbox(): Promise<string> {
  const { status, body } = await call('POST', '', MAILBOX);
  expect([status, body['confirmed']]).toEqual([201, false]);
  return String(body['id']);
}

/** The codes on their way to the mailbox, the newest last, as the outbox holds them for the notifier. */
async function codesOf(endpoint: string): Promise<string[]> {
  const rows = await harness.postgres
    .selectFrom('deliveries')
    .innerJoin('alerts', 'alerts.id', 'deliveries.alert')
    .select('alerts.data')
    .where('deliveries.endpoint', '=', endpoint)
    .orderBy('alerts.sequence')
    .execute();
  return rows.map(({ data }) => String(data['code']));
}

const confirm = async (id: string, code: string) => {
  const { status, body } = await call('POST', `/${id}/confirm`, { code });
  return status === 200 ? body['confirmed'] : body.error.code;
};
const wrong = (code: string) => (code === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA');

describe('an endpoint of e-mail', () => {
  it('is confirmed by the code that was sent to it, and takes no test before', async () => {
    const id = await newMailbox();
    expect((await call('POST', `/${id}/test`, {})).body.error.code).toBe('endpoint_unconfirmed');
    const [code] = await codesOf(id);
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
    expect(await confirm(id, wrong(code!))).toBe('wrong_code');
    expect(await confirm(id, code!.toLowerCase())).toBe(true);
    expect(await confirm(id, 'ANYTHING')).toBe(true);
    expect((await call('GET', `/${id}`)).body['confirmed']).toBe(true);
    expect((await call('POST', `/${id}/test`, {})).status).toBe(202);
  });

  it('shows its code nowhere', async () => {
    const id = await newMailbox();
    const [code] = await codesOf(id);
    const answers = await Promise.all([
      call('GET', `/${id}`),
      call('GET', `/${id}/deliveries`),
      harness.call('GET', '/v1/alerts', { key: mine.key }),
    ]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(code);
  });

  it('takes the newest code alone, and none after five wrong ones', async () => {
    const id = await newMailbox();
    expect((await call('POST', `/${id}/send-code`)).status).toBe(202);
    const [first, second] = await codesOf(id);
    expect(await confirm(id, first!)).toBe('wrong_code');
    for (let tries = 0; tries < 4; tries += 1) await confirm(id, wrong(second!));
    expect(await confirm(id, second!)).toBe('wrong_code');
    await call('POST', `/${id}/send-code`);
    expect(await confirm(id, (await codesOf(id)).at(-1)!)).toBe(true);
  });

  it('has to be confirmed anew at another address, and what waits for the former is given up', async () => {
    const id = await newMailbox();
    const [first] = await codesOf(id);
    await confirm(id, first!);
    expect((await call('PATCH', `/${id}`, { description: 'same' })).body['confirmed']).toBe(true);
    const moved = await call('PATCH', `/${id}`, { url: 'mailto:other@example.com' });
    expect(moved.body['confirmed']).toBe(false);
    const { data } = (await call('GET', `/${id}/deliveries`)).body;
    expect(data.map(({ state }) => state)).toEqual(['pending', 'failed']);
    expect(await confirm(id, first!)).toBe('wrong_code');
    expect(await confirm(id, (await codesOf(id)).at(-1)!)).toBe(true);
  });

  it('is its own project alone to confirm', async () => {
    const id = await newMailbox();
    const [code] = await codesOf(id);
    const theirs = await call('POST', `/${id}/confirm`, { code }, other.key);
    expect(theirs.status).toBe(404);
    expect((await call('POST', `/${id}/send-code`, undefined, other.key)).status).toBe(404);
    expect((await call('GET', `/${id}`)).body['confirmed']).toBe(false);
  });

  it('gets at most fifty codes a day, all of the project together', async () => {
    const id = await newMailbox();
    for (let sent = 1; sent < 50; sent += 1) await call('POST', `/${id}/send-code`);
    const { status, body } = await call('POST', `/${id}/send-code`);
    expect([status, body.error.code]).toEqual([429, 'too_many_confirmations']);
    expect(await codesOf(id)).toHaveLength(50);
  });
});

describe('an endpoint of another channel', () => {
  it('is confirmed as it is made', async () => {
    const hook = { url: 'https://hooks.example.com/a', events: ['*'] };
    expect((await call('POST', '', hook)).body['confirmed']).toBe(true);
  });
});
