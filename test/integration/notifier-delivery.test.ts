import { randomBytes } from 'node:crypto';
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
import { register } from 'prom-client';
import { Webhook } from 'standardwebhooks';
import { WebhookEndpoints } from '#postgres';
import { AlertOutbox, DeliveryWrites, WebhookEndpointWrites } from '#postgres/writes';
import { Sealer } from '#sealing';
import type { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';
import { eventually } from '#testing';
import { batchOf, newSecret, NotifierHarness } from './notifier-harness.js';
import { type Received, status, WebhookReceiver } from './webhook-receiver.js';

let harness: NotifierHarness;
let notifier: NotifierPipeline;
let receiver: WebhookReceiver;
let project: string;

beforeAll(async () => {
  harness = await NotifierHarness.open();
  notifier = await harness.start();
});
afterAll(() => harness.close());
beforeEach(async () => {
  receiver = await WebhookReceiver.open();
  project = await harness.newProject();
});
afterEach(() => receiver.close());

const received = (count: number) =>
  eventually(() => (receiver.received.length >= count ? receiver.received : null));

/** The reference library refuses signatures of another time; its clock is not the harness's. */
function isSignedWith(secret: string, { body, headers }: Received): boolean {
  const [id, timestamp] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])];
  const signature = new Webhook(secret).sign(id, new Date(timestamp * 1_000), body);
  return String(headers['webhook-signature']).split(' ').includes(signature);
}

describe('an alert', () => {
  it('arrives as the documented body with a signature that the reference library verifies', async () => {
    const { id, secret } = await harness.newEndpoint(project, receiver.url());
    const alert = harness.alert(project);
    await notifier.accept(batchOf([alert]));
    const [request] = await received(1);
    const { type, data } = alert;
    const sequence = expect.any(Number);
    const body = { id: alert.id, type, timestamp: alert.raised_at, sequence, data };
    expect(JSON.parse(request!.body)).toEqual(body);
    expect(request!.headers['webhook-id']).toBe(alert.id);
    expect(request!.headers['content-type']).toBe('application/json');
    const headers = request!.headers as Record<string, string>;
    expect(new Webhook(secret).verify(request!.body, headers)).toEqual(body);
    const journey = await harness.journey(id, ({ state }) => state === 'delivered');
    expect(journey.attempts).toMatchObject([{ attempt: 1, status: 204, succeeded: true }]);
  });

  it('goes once to each endpoint whose filter matches, however often it is raised', async () => {
    const filters = [
      ['*'],
      ['budget.*'],
      ['budget.breached', 'budget.*'],
      ['rate.*'],
      ['budget.recovered'],
    ];
    const endpoints = [];
    for (const events of filters)
      endpoints.push(await harness.newEndpoint(project, receiver.url(), { events }));
    const stranger = await harness.newEndpoint(await harness.newProject(), receiver.url());
    const alert = harness.alert(project);
    await notifier.accept(batchOf([alert, alert]));
    await notifier.accept(batchOf([alert]));
    await received(3);
    const counts = await Promise.all(
      [...endpoints, stranger].map(async ({ id }) => (await harness.journeys(id)).length),
    );
    expect(counts).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('does not go to an endpoint that is disabled or deleted', async () => {
    const [off, gone] = [
      await harness.newEndpoint(project, receiver.url()),
      await harness.newEndpoint(project, receiver.url()),
    ];
    const on = await harness.newEndpoint(project, receiver.url());
    const endpoints = new WebhookEndpointWrites(harness.postgres);
    await endpoints.disable(project, off.id, { at: new Date(), reason: 'by request' });
    await endpoints.delete(project, gone.id);
    await notifier.accept(batchOf([harness.alert(project)]));
    await harness.journey(on.id, ({ state }) => state === 'delivered');
    expect(await harness.journeys(off.id)).toEqual([]);
    expect(await harness.journeys(gone.id)).toEqual([]);
  });

  it('that cannot be read costs its neighbours nothing', async () => {
    await harness.newEndpoint(project, receiver.url());
    const alert = harness.alert(project);
    const bad = [
      Buffer.from('{'),
      Buffer.from('[]'),
      harness.alert(project, { data: { name: 'a\0b' } }),
      harness.alert(project, { data: { name: '\ud800' } }),
      harness.alert('nowhere'),
    ];
    await notifier.accept(batchOf([...bad, alert]));
    const [request] = await received(1);
    expect(request!.headers['webhook-id']).toBe(alert.id);
  });
});

describe('the sequence of an alert', () => {
  it('that PostgreSQL refuses costs its neighbours nothing, and is counted', async () => {
    await harness.newEndpoint(project, receiver.url());
    const refused = harness.alert(project, { id: randomBytes(4_000).toString('base64') });
    const [before, after] = [harness.alert(project), harness.alert(project)];
    const commit = jest.fn<(offset: string) => Promise<void>>().mockResolvedValue();
    await notifier.accept({ ...batchOf([before, refused, after]), commit });
    const arrived = (await received(2)).map(({ headers }) => headers['webhook-id']);
    expect(new Set(arrived)).toEqual(new Set([before.id, after.id]));
    expect(commit.mock.calls).toEqual([['3']]);
    const counted = await register.getSingleMetric('notifier_alerts_total')!.get();
    expect(counted.values).toContainEqual(
      expect.objectContaining({ labels: { state: 'unrecordable' }, value: 1 }),
    );
  });

  it('comes in statements of at most 500', async () => {
    const record = jest.spyOn(AlertOutbox.prototype, 'record');
    const alerts = Array.from({ length: 1_200 }, () => harness.alert(project));
    await notifier.accept(batchOf(alerts));
    expect(record.mock.calls.map(([given]) => given.length)).toEqual([500, 500, 200]);
    record.mockRestore();
    const rows = harness.postgres.selectFrom('alerts').select('id').where('project', '=', project);
    expect(await rows.execute()).toHaveLength(1_200);
  });

  it('tells a receiver which of two was recorded first, on every attempt', async () => {
    await harness.newEndpoint(project, receiver.url());
    receiver.answerWith = (response, nth) => void response.writeHead(nth === 1 ? 500 : 204).end();
    const [first, second] = [harness.alert(project), harness.alert(project)];
    await notifier.accept(batchOf([first]));
    await received(1);
    await notifier.accept(batchOf([second]));
    await received(2);
    harness.clock.advance(6_000);
    const bodies = (await received(3)).map(
      ({ body }) => JSON.parse(body) as { id: string; sequence: number },
    );
    expect(bodies.map(({ id }) => id)).toEqual([first.id, second.id, first.id]);
    expect(bodies[1]!.sequence).toBeGreaterThan(bodies[0]!.sequence);
    expect(bodies[2]!.sequence).toBe(bodies[0]!.sequence);
  });
});

describe('two secrets', () => {
  it('both sign for the time of a rotation, then only the new one', async () => {
    const { id, secret } = await harness.newEndpoint(project, receiver.url());
    const fresh = newSecret();
    const endpoints = new WebhookEndpointWrites(harness.postgres);
    await endpoints.rotateSecret(project, id, fresh, new Date(Date.now() + 60_000));
    await notifier.accept(batchOf([harness.alert(project)]));
    const [first] = await received(1);
    for (const known of [secret, fresh])
      new Webhook(known).verify(first!.body, first!.headers as Record<string, string>);
    const fresher = newSecret();
    await endpoints.rotateSecret(project, id, fresher, new Date(Date.now() - 1));
    await notifier.accept(batchOf([harness.alert(project)]));
    const second = (await received(2))[1]!;
    const headers = second.headers as Record<string, string>;
    new Webhook(fresher).verify(second.body, headers);
    for (const known of [secret, fresh])
      expect(() => new Webhook(known).verify(second.body, headers)).toThrow();
  });
});

describe('a secret that was sealed under a key that is not here', () => {
  it('fails the attempt, which says so, and signs nothing', async () => {
    const { id } = await harness.newEndpoint(project, receiver.url());
    const sealed = new Sealer([`lost:${'0'.repeat(64)}`]).seal(newSecret(), id);
    const endpoints = new WebhookEndpointWrites(harness.postgres);
    await endpoints.rotateSecret(project, id, sealed, new Date());
    await notifier.accept(batchOf([harness.alert(project)]));
    const failed = await harness.journey(id, ({ attempts }) => attempts.length === 1);
    expect(failed.attempts[0]).toMatchObject({
      status: null,
      answer: 'its signing secret cannot be opened on this platform',
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('an attempt behind a rotation', () => {
  it('is signed with the secrets of its own time, not of the time of the alert', async () => {
    const { id, secret } = await harness.newEndpoint(project, receiver.url());
    receiver.answerWith = status(500);
    await notifier.accept(batchOf([harness.alert(project)]));
    const failed = await harness.journey(id, ({ attempts }) => attempts.length === 1);
    const fresh = newSecret();
    const oldUntil = new Date(harness.clock.now() + 60_000);
    await new WebhookEndpointWrites(harness.postgres).rotateSecret(project, id, fresh, oldUntil);
    harness.clock.advance(6_000);
    await harness.journey(id, ({ attempts }) => attempts.length === 2);
    harness.clock.advance(330_000);
    await harness.journey(id, ({ attempts }) => attempts.length === 3);
    const known = receiver.received.map((request) =>
      [secret, fresh].map((one) => isSignedWith(one, request)),
    );
    expect(known).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
    expect(failed.alert).toBe(receiver.received[2]!.headers['webhook-id']);
  });
});

describe('a slack endpoint', () => {
  it('gets text and blocks', async () => {
    await harness.newEndpoint(project, receiver.url(), { channel: 'slack' });
    await notifier.accept(batchOf([harness.alert(project, { data: { name: '<!here> & co' } })]));
    const [request] = await received(1);
    const message = JSON.parse(request!.body) as { text: string; blocks: { type: string }[] };
    expect(message.text).toContain('budget.breached: &lt;!here&gt; &amp; co');
    expect(message.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section']);
  });
});

describe('an endpoint that answers 410', () => {
  it('is tried no more, also when several attempts under way are answered so', async () => {
    const gone = await harness.newEndpoint(project, receiver.url());
    const answers: (() => void)[] = [];
    receiver.answerWith = (response, nth) =>
      void answers.push(() => status(nth % 2 === 0 ? 410 : 500)(response, nth));
    const alerts = Array.from({ length: 12 }, () => harness.alert(project));
    await notifier.accept(batchOf(alerts));
    await received(8);
    for (const answer of answers) answer();
    const ended = await eventually(async () => {
      const journeys = await harness.journeys(gone.id);
      const written = journeys.filter(({ attempts }) => attempts.length === 1);
      return written.length === 8 ? journeys : null;
    });
    expect(new Set(ended.map(({ state }) => state))).toEqual(new Set(['failed']));
    harness.clock.advance(10_000);
    const room = { healthy: 9, troubled: { total: 9, endpoints: [] }, named: {}, others: 9 };
    const due = { now: new Date(harness.clock.now()), leaseMs: 1 };
    expect(await new DeliveryWrites(harness.postgres).claim(room, due)).toEqual([]);
    expect(receiver.received).toHaveLength(8);
  });

  it('is disabled at once, and the others are told', async () => {
    const gone = await harness.newEndpoint(project, receiver.url());
    const other = await WebhookReceiver.open();
    await harness.newEndpoint(project, other.url(), { events: ['endpoint.disabled'] });
    receiver.answerWith = status(410);
    await notifier.accept(batchOf([harness.alert(project)]));
    const journey = await harness.journey(gone.id, ({ state }) => state === 'failed');
    expect(journey.attempts).toMatchObject([{ status: 410, answer: 'status 410' }]);
    const notice = await eventually(() => other.received[0] ?? null);
    expect(JSON.parse(notice.body)).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpoint: gone.id, url: new URL(receiver.url()).origin, reason: 'gone' },
    });
    await other.close();
    const row = await new WebhookEndpoints(harness.postgres).find(project, gone.id);
    expect([row?.disabled_reason, row?.disabled_at]).toEqual(['gone', expect.any(Date)]);
    await notifier.accept(batchOf([harness.alert(project)]));
    expect(await harness.journeys(gone.id)).toHaveLength(1);
  });
});
