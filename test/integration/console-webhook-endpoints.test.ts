import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertOutbox, DeliveryWrites } from '#postgres/writes';
import { Sealer } from '#sealing';
import { TEST_SEALING_KEYS } from '#testing';
import { ConsoleHarness } from './console-harness.js';

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;
const ENDPOINTS = '/v1/webhook-endpoints';
const HOOK = { url: 'https://hooks.example.com/a', events: ['budget.*'] };

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

const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  harness.call(method, `${ENDPOINTS}${path}`, { key: mine.key, body });

async function newEndpoint(change: object = {}): Promise<string> {
  const { status, body } = await call('POST', '', { ...HOOK, ...change });
  expect(status).toBe(201);
  return String(body['id']);
}

async function raise(type: string, raisedAt: string): Promise<string> {
  const alert = {
    id: randomUUID(),
    project: mine.project,
    type,
    raised_at: raisedAt,
    raised_by: null,
    data: {},
  };
  await new AlertOutbox(harness.postgres).record([alert], { now: new Date(), leaseMs: 0 });
  return alert.id;
}

const deliveriesOf = async (id: string) => (await call('GET', `/${id}/deliveries`)).body.data;

/** As the notifier does: the one attempt of what is due, and what came of it. */
async function deliverAll(state: 'delivered' | 'failed'): Promise<void> {
  const deliveries = new DeliveryWrites(harness.postgres);
  const room = {
    healthy: 100,
    troubled: { total: 0, endpoints: [] },
    named: {},
    others: 100,
  };
  const at = new Date();
  const succeeded = state === 'delivered';
  for (const due of await deliveries.claim(room, { now: at, leaseMs: 1_000 })) {
    const answer = { status: succeeded ? 200 : 500, answer: 'said', durationMs: 7 };
    await deliveries.finish(due, { at, succeeded, state, nextAt: null, ...answer });
  }
}

describe('an endpoint', () => {
  it('is created with a secret that is shown this once', async () => {
    const { status, body } = await call('POST', '', HOOK);
    const { secret, ...shown } = body;
    expect([status, secret]).toEqual([201, expect.stringMatching(SECRET)]);
    expect(shown).toMatchObject({
      id: expect.stringMatching(/^whe_/),
      ...HOOK,
      description: null,
      channel: 'webhook',
      disabled: false,
      disabled_reason: null,
    });
    const id = String(body['id']);
    expect((await call('GET', `/${id}`)).body).toEqual(shown);
    expect((await call('GET', '')).body.data).toEqual([shown]);
    const change = { events: ['*'], description: 'all' };
    expect((await call('PATCH', `/${id}`, change)).body).toEqual({ ...shown, ...change });
    expect((await call('DELETE', `/${id}`)).status).toBe(200);
    expect((await call('GET', `/${id}`)).status).toBe(404);
    expect((await call('GET', '')).body.data).toEqual([]);
  });

  it.each([
    [{ url: 'ftp://example.com' }, 'url'],
    [{ url: 'https://user:secret@example.com' }, 'url'],
    [{ url: 'mailto:a@example.com' }, 'url'],
    [{ url: 5 }, 'url'],
    [{ events: [] }, 'events'],
    [{ events: ['budgets.*'] }, 'events'],
    [{ events: ['*', '*'] }, 'events'],
    [{ events: 'budget.*' }, 'events'],
    [{ channel: 'pager' }, 'channel'],
    [{ secret: 'whsec_mine' }, 'secret'],
  ])('is refused with %j, which names the field', async (change, field) => {
    const { status, body } = await call('POST', '', { ...HOOK, ...change });
    expect([status, body.error.details[0]?.field]).toEqual([400, field]);
  });

  it('is the same for the same Idempotency-Key, its secret included', async () => {
    const request = { key: mine.key, body: HOOK, headers: { 'idempotency-key': 'once' } };
    const first = await harness.call('POST', ENDPOINTS, request);
    const second = await harness.call('POST', ENDPOINTS, request);
    expect(second.body).toEqual(first.body);
    expect((await call('GET', '')).body.data).toHaveLength(1);
  });

  it('is one of fifty at most, also when many are made at once', async () => {
    const answers = await Promise.all(Array.from({ length: 53 }, () => call('POST', '', HOOK)));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(3);
    for (const { status, body } of refused) {
      expect([status, body.error.code]).toEqual([409, 'limit_reached']);
      expect(body.error.message).toContain('may have 50 webhook endpoints');
    }
    const [made] = answers.filter(({ status }) => status === 201);
    await call('DELETE', `/${String(made!.body['id'])}`);
    await newEndpoint();
  });

  it('belongs to its project', async () => {
    const id = await newEndpoint();
    await raise('budget.breached', '2026-11-14T00:00:00Z');
    const [delivery] = await deliveriesOf(id);
    const range = { from: '2026-11-01', to: '2026-12-01' };
    const asStranger = (
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
      path: string,
      body?: unknown,
    ) => harness.call(method, `${ENDPOINTS}${path}`, { key: other.key, body });
    const answers = [
      await asStranger('GET', `/${id}`),
      await asStranger('PATCH', `/${id}`, { events: ['*'] }),
      await asStranger('DELETE', `/${id}`),
      await asStranger('GET', `/${id}/deliveries`),
      await asStranger('POST', `/${id}/rotate-secret`),
      await asStranger('POST', `/${id}/test`, {}),
      await asStranger('POST', `/${id}/replay`, range),
      await asStranger('POST', `/deliveries/${String(delivery?.['id'])}/resend`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  });

  it('has two live secrets for 24 h after a rotation', async () => {
    const { body } = await call('POST', '', HOOK);
    const rotated = await call('POST', `/${String(body['id'])}/rotate-secret`);
    expect(rotated.status).toBe(201);
    expect(rotated.body['secret']).toMatch(SECRET);
    await raise('budget.breached', '2026-11-14T00:00:00Z');
    const lease = { now: new Date(), leaseMs: 0 };
    const room = {
      healthy: 100,
      troubled: { total: 0, endpoints: [] },
      named: {},
      others: 100,
    };
    const claimed = await new DeliveryWrites(harness.postgres).claim(room, lease);
    const due = claimed.find(({ endpoint }) => endpoint.id === body['id']);
    const sealer = new Sealer(TEST_SEALING_KEYS);
    const opened = due?.endpoint.secrets.map(({ secret }) => sealer.open(secret, due.endpoint.id));
    expect(opened).toEqual([rotated.body['secret'], body['secret']]);
    const [fresh, old] = due?.endpoint.secrets ?? [];
    const livesMs = Date.parse(old?.expires_at ?? '') - Date.now();
    expect(fresh?.expires_at).toBeNull();
    expect(Math.abs(livesMs - 86_400_000)).toBeLessThan(60_000);
  });

  it('has its secrets nowhere in the database but sealed', async () => {
    const { body } = await call('POST', '', HOOK);
    const { body: rotated } = await call('POST', `/${String(body['id'])}/rotate-secret`);
    const rows = await harness.postgres.selectFrom('webhook_endpoints').selectAll().execute();
    const text = JSON.stringify(rows);
    for (const secret of [body['secret'], rotated['secret']]) {
      expect(secret).toMatch(SECRET);
      expect(text).not.toContain(String(secret).slice('whsec_'.length));
    }
    expect(text).not.toContain('whsec_');
    const stored = rows.flatMap(({ secrets }) => secrets.map(({ secret }) => secret));
    expect(stored.filter((secret) => !secret.startsWith('sealed:test:'))).toEqual([]);
  });

  it('that is disabled gives up what waits, takes nothing, and can be enabled', async () => {
    const id = await newEndpoint();
    await raise('budget.breached', '2026-11-14T00:00:00Z');
    const off = await call('PATCH', `/${id}`, { disabled: true });
    expect(off.body).toMatchObject({ disabled: true, disabled_reason: 'by request' });
    await raise('budget.breached', '2026-11-14T00:00:01Z');
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['failed']);
    const refused = await call('POST', `/${id}/test`, {});
    expect([refused.status, refused.body.error.code]).toEqual([409, 'endpoint_disabled']);
    const on = await call('PATCH', `/${id}`, { disabled: false });
    expect(on.body).toMatchObject({ disabled: false, disabled_reason: null, disabled_at: null });
  });
});

describe('deliveries', () => {
  it('are listed with their attempts, the newest first, page by page', async () => {
    const id = await newEndpoint();
    const first = await raise('budget.breached', '2026-11-14T00:00:00Z');
    await deliverAll('failed');
    const second = await raise('budget.recovered', '2026-11-14T00:00:01Z');
    const page = await call('GET', `/${id}/deliveries?limit=1`);
    expect(page.body.data).toMatchObject([
      { alert: second, type: 'budget.recovered', state: 'pending', attempts: [] },
    ]);
    const cursor = String(page.body['next_cursor']);
    const rest = await call('GET', `/${id}/deliveries?limit=1&cursor=${cursor}`);
    expect(rest.body).toMatchObject({
      data: [{ alert: first, state: 'failed' }],
      next_cursor: null,
    });
    expect(rest.body.data[0]?.['attempts']).toEqual([
      { attempt: 1, at: expect.any(String), status: 500, answer: 'said', duration_ms: 7 },
    ]);
  });

  it('are sent again one by one, with the same alert', async () => {
    const id = await newEndpoint();
    const alert = await raise('budget.breached', '2026-11-14T00:00:00Z');
    await deliverAll('delivered');
    const [delivery] = await deliveriesOf(id);
    const { status } = await call('POST', `/deliveries/${String(delivery?.['id'])}/resend`);
    expect(status).toBe(202);
    expect(await deliveriesOf(id)).toMatchObject([{ alert, state: 'pending' }]);
    await deliverAll('delivered');
    const [again] = await deliveriesOf(id);
    expect(again).toMatchObject({ alert, state: 'delivered', attempts: [{}, { attempt: 2 }] });
  });

  it('are replayed for a range of time: what matches the filters of today, the end excluded', async () => {
    await raise('budget.breached', '2026-11-13T23:59:59.999Z');
    const before = await raise('budget.breached', '2026-11-14T00:00:00Z');
    await raise('rate.exceeded', '2026-11-14T10:00:00Z');
    const id = await newEndpoint();
    const sent = await raise('budget.recovered', '2026-11-14T12:00:00Z');
    const atEnd = await raise('budget.breached', '2026-11-15T00:00:00Z');
    await deliverAll('delivered');
    const range = { from: '2026-11-14', to: '2026-11-15T00:00:00Z' };
    const { status, body } = await call('POST', `/${id}/replay`, range);
    expect([status, body]).toEqual([202, { deliveries: 2 }]);
    const pending = (await deliveriesOf(id)).filter(({ state }) => state === 'pending');
    expect(pending.map(({ alert }) => alert)).toEqual(expect.arrayContaining([before, sent]));
    expect(pending.map(({ alert }) => alert)).not.toContain(atEnd);
    expect((await call('POST', `/${id}/replay`, range)).body).toEqual({ deliveries: 0 });
    const wrong = await call('POST', `/${id}/replay`, { from: '2026-11-14', to: '2026-11-14' });
    expect([wrong.status, wrong.body.error.details[0]?.field]).toEqual([400, 'to']);
    const none = await call('POST', `/${id}/replay`, { from: 'yesterday', to: '2026-11-14' });
    expect([none.status, none.body.error.details[0]?.field]).toEqual([400, 'from']);
  });

  it('of a test carry the example of a type, whatever the filters, and an id that tells', async () => {
    const id = await newEndpoint({ events: ['rate.*'] });
    expect((await call('POST', `/${id}/test`, {})).status).toBe(202);
    expect((await call('POST', `/${id}/test`, { type: 'model.unpriced' })).status).toBe(202);
    const unknown = await call('POST', `/${id}/test`, { type: 'nothing.happened' });
    expect([unknown.status, unknown.body.error.details[0]?.field]).toEqual([400, 'type']);
    const sent = await deliveriesOf(id);
    expect(sent.map(({ type }) => type)).toEqual(['model.unpriced', 'budget.threshold_reached']);
    expect(sent.map(({ alert }) => String(alert).startsWith('test_'))).toEqual([true, true]);
  });
});
