import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebhookEndpoints } from '#postgres';
import type { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';
import { eventually } from '#testing';
import { batchOf, type Journey, NotifierHarness } from './notifier-harness.js';
import { type AnswerWith, ok, status, WebhookReceiver } from './webhook-receiver.js';

const HOUR_MS = 3_600_000;
const SCHEDULE_MS = [
  0,
  5_000,
  300_000,
  1_800_000,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  10 * HOUR_MS,
];

let harness: NotifierHarness;
let notifier: NotifierPipeline;
let receiver: WebhookReceiver;
let project: string;
let endpoint: string;

beforeAll(async () => {
  harness = await NotifierHarness.open();
  notifier = await harness.start();
});
afterAll(() => harness.close());
beforeEach(async () => {
  receiver = await WebhookReceiver.open();
  project = await harness.newProject();
  endpoint = (await harness.newEndpoint(project, receiver.url())).id;
});
afterEach(() => receiver.close());

const raise = async () => {
  const alert = harness.alert(project);
  await notifier.accept(batchOf([alert]));
  return alert;
};
const attempted = (count: number): Promise<Journey> =>
  harness.journey(endpoint, ({ attempts }) => attempts.length >= count);

/** Moves the clock to where the next attempt is due, and waits for its outcome. */
async function nextAttempt(journey: Journey): Promise<Journey> {
  harness.clock.advance(Math.max(0, journey.next_at!.getTime() - harness.clock.now()));
  return attempted(journey.attempts.length + 1);
}

const slowBody: AnswerWith = (response) => {
  response.writeHead(200).write('begun');
};
const otherProtocol: AnswerWith = (response) => {
  const head = ['HTTP/1.1 101 Switching Protocols', 'connection: upgrade', 'upgrade: websocket'];
  response.socket?.write(`${head.join('\r\n')}\r\n\r\n`);
};
const endlessBody: AnswerWith = (response) => {
  response.writeHead(500);
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    response.once('drain', more);
  };
  more();
};

describe('a failed attempt', () => {
  it.each<[string, AnswerWith, number | null, RegExp]>([
    ['500', status(500), 500, /^status 500$/],
    ['404', status(404), 404, /^status 404$/],
    [
      'a redirect, which is not followed',
      status(307, { location: 'http://127.0.0.1:1/' }),
      307,
      /^status 307$/,
    ],
    ['no answer in time', () => undefined, null, /no complete answer within 500 ms/],
    ['an answer that does not end in time', slowBody, null, /no complete answer within 500 ms/],
    [
      'a connection that is reset',
      (response) => response.socket?.resetAndDestroy(),
      null,
      /ECONNRESET/,
    ],
    ['an answer without end, of which the first bytes are read', endlessBody, 500, /^x{1000}$/],
    ['a change of protocol', otherProtocol, null, /ended without an answer/],
    ['bytes that are no HTTP', (response) => response.socket?.end('hello\r\n\r\n'), null, /HPE_/],
  ])('is repeated in 5 s: %s', async (_, answerWith, code, text) => {
    receiver.answerWith = answerWith;
    const alert = await raise();
    const failed = await attempted(1);
    expect(failed).toMatchObject({
      state: 'pending',
      attempts: [{ succeeded: false, status: code }],
    });
    expect(failed.attempts[0]?.answer).toMatch(text);
    const delayMs = failed.next_at!.getTime() - failed.attempts[0]!.at.getTime();
    expect(delayMs).toBeGreaterThanOrEqual(4_500);
    expect(delayMs).toBeLessThan(5_500 + 2_000);
    receiver.answerWith = ok;
    const delivered = await nextAttempt(failed);
    expect(delivered).toMatchObject({ state: 'delivered', next_at: null });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([alert.id, alert.id]);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
    expect(receiver.connections).toBe(2);
  });

  it('is what nobody listening makes, and TLS where none is spoken', async () => {
    const closed = await WebhookReceiver.open();
    const url = closed.url();
    await closed.close();
    const failures: [string, RegExp][] = [
      [url, /ECONNREFUSED/],
      [receiver.url().replace('http:', 'https:'), /EPROTO|ERR_SSL/],
    ];
    for (const [target, reason] of failures) {
      const own = await harness.newProject();
      const { id } = await harness.newEndpoint(own, target);
      await notifier.accept(batchOf([harness.alert(own)]));
      const failed = await harness.journey(id, ({ attempts }) => attempts.length === 1);
      expect([failed.state, failed.attempts[0]?.status]).toEqual(['pending', null]);
      expect(failed.attempts[0]?.answer).toMatch(reason);
    }
  });

  it('waits as long as Retry-After asks', async () => {
    receiver.answerWith = status(429, { 'retry-after': '120' });
    await raise();
    const failed = await attempted(1);
    const delayMs = failed.next_at!.getTime() - failed.attempts[0]!.at.getTime();
    expect(delayMs).toBeGreaterThanOrEqual(120_000);
    expect(delayMs).toBeLessThan(122_000);
  });
});

describe('an endpoint that is down', () => {
  it('for a day gets eight attempts on schedule, all with one id, and then the delivery is given up', async () => {
    receiver.answerWith = status(503);
    const alert = await raise();
    let journey = await attempted(1);
    while (journey.state === 'pending') journey = await nextAttempt(journey);
    expect(journey).toMatchObject({ state: 'failed', next_at: null });
    expect(journey.attempts).toHaveLength(8);
    const times = journey.attempts.map(({ at }) => at.getTime());
    for (let nth = 1; nth < 8; nth += 1) {
      const share = (times[nth]! - times[nth - 1]!) / SCHEDULE_MS[nth]!;
      expect(share).toBeGreaterThanOrEqual(0.9);
      // Real time passes between an attempt and the look for the next: of 5 s it is a visible part.
      expect(share).toBeLessThan(nth === 1 ? 1.5 : 1.11);
    }
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual(Array.from({ length: 8 }, () => alert.id));
  });

  it('and comes back within the day gets what it missed', async () => {
    receiver.answerWith = status(503);
    await raise();
    let journey = await attempted(1);
    for (let nth = 2; nth <= 5; nth += 1) journey = await nextAttempt(journey);
    receiver.answerWith = ok;
    journey = await nextAttempt(journey);
    expect([journey.state, journey.attempts.length]).toEqual(['delivered', 6]);
    const row = await new WebhookEndpoints(harness.postgres).find(project, endpoint);
    expect(row?.failing_since).toBeNull();
  });

  it('for five days is disabled, and the others are told; two lone failures are no reason', async () => {
    const other = await WebhookReceiver.open();
    await harness.newEndpoint(project, other.url(), { events: ['endpoint.*'] });
    receiver.answerWith = status(500);
    const endpoints = new WebhookEndpoints(harness.postgres);
    const disabled = async () => (await endpoints.find(project, endpoint))?.disabled_reason;
    const fail = async () => {
      const { id } = await raise();
      await harness.journey(endpoint, ({ alert, attempts }) => alert === id && attempts.length > 0);
    };
    await fail();
    const giveUp = () =>
      harness.postgres.updateTable('deliveries').set({ state: 'failed' }).execute();
    await giveUp();
    harness.clock.advance(121 * HOUR_MS);
    await fail();
    await giveUp();
    expect(await disabled()).toBeNull();
    harness.clock.advance(13 * HOUR_MS);
    await fail();
    expect(await disabled()).toBe('failing');
    const notice = await eventually(() => other.received[0] ?? null);
    expect(JSON.parse(notice.body)).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpoint, reason: 'failing', failing_since: expect.any(String) },
    });
    expect(other.received).toHaveLength(1);
    await other.close();
  });
});
