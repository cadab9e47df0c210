import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { HostAddress } from '../../apps/notifier/src/channels/resolve-host.js';
import type { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';
import { batchOf, NotifierHarness } from './notifier-harness.js';
import { status, WebhookReceiver } from './webhook-receiver.js';

const BLOCKED = 'blocked: the address of the host is not public';
const LOOPBACK: HostAddress = { address: '127.0.0.1', family: 4 };
/** Public by its range; that nobody answers is all the same. */
const PUBLIC: HostAddress = { address: '93.184.215.14', family: 4 };

let harness: NotifierHarness;
let notifier: NotifierPipeline;
let receiver: WebhookReceiver;
let project: string;
let addresses: HostAddress[] = [];
const asked: string[] = [];

beforeAll(async () => {
  harness = await NotifierHarness.open();
  notifier = await harness.start({ webhookAllowPrivate: false, attemptTimeoutMs: 300 }, (host) => {
    asked.push(host);
    return Promise.resolve(addresses);
  });
});
afterAll(() => harness.close());
beforeEach(async () => {
  receiver = await WebhookReceiver.open();
  project = await harness.newProject();
  asked.length = 0;
});
afterEach(() => receiver.close());

async function attempt(url: string) {
  const { id } = await harness.newEndpoint(project, url);
  await notifier.accept(batchOf([harness.alert(project)]));
  return harness.journey(id, ({ attempts }) => attempts.length === 1);
}

describe('an attempt does not connect', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '１２７.0.0.1',
    '0.0.0.0',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:7f00:0001]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '169.254.169.254',
    '[fe80::1]',
    '10.0.0.1',
    '100.64.0.1',
  ])('to the literal %s', async (host) => {
    const journey = await attempt(`http://${host}:${receiver.port}/`);
    expect(journey.attempts).toMatchObject([{ succeeded: false, status: null, answer: BLOCKED }]);
    expect([receiver.connections, asked]).toEqual([0, []]);
  });

  it.each([
    ['a name that leads to loopback', [LOOPBACK]],
    ['a name that leads to loopback as well', [PUBLIC, LOOPBACK]],
    ['a name that leads to mapped loopback', [{ address: '::ffff:127.0.0.1', family: 6 as const }]],
    ['a name that leads to metadata', [{ address: '169.254.169.254', family: 4 as const }]],
  ])('to %s', async (_, found) => {
    addresses = found;
    const journey = await attempt(`http://rebind.example.com:${receiver.port}/`);
    expect(journey.attempts[0]?.answer).toBe(BLOCKED);
    expect([receiver.connections, asked]).toEqual([0, ['rebind.example.com']]);
  });

  it('to a name that was public at the attempt before and now leads to loopback', async () => {
    addresses = [PUBLIC];
    const first = await attempt(`http://twice.example.com:${receiver.port}/`);
    expect(first.attempts[0]?.answer).not.toBe(BLOCKED);
    addresses = [LOOPBACK];
    harness.clock.advance(6_000);
    const second = await harness.journey(first.endpoint, ({ attempts }) => attempts.length === 2);
    expect(second.attempts[1]?.answer).toBe(BLOCKED);
    const twice = asked.filter((host) => host === 'twice.example.com');
    expect([receiver.connections, twice.length]).toEqual([0, 2]);
  });

  it('with a name and password in front of the host', async () => {
    const journey = await attempt(`http://example.com@127.0.0.1:${receiver.port}/`);
    expect(journey.attempts[0]?.answer).toBe(BLOCKED);
    expect(receiver.connections).toBe(0);
  });
});

describe('where the owner allows private addresses', () => {
  let permissive: NotifierHarness;
  let local: NotifierPipeline;

  beforeAll(async () => {
    permissive = await NotifierHarness.open();
    local = await permissive.start({}, () => Promise.resolve([LOOPBACK]));
  });
  afterAll(() => permissive.close());

  it.each(['127.0.0.1', '2130706433', 'receiver.example.com'])('%s is reached', async (host) => {
    const own = await permissive.newProject();
    const { id } = await permissive.newEndpoint(own, receiver.url(host));
    await local.accept(batchOf([permissive.alert(own)]));
    await permissive.journey(id, ({ state }) => state === 'delivered');
  });

  it('neither the metadata of a cloud is, nor what a redirect points to', async () => {
    const own = await permissive.newProject();
    const target = await WebhookReceiver.open();
    receiver.answerWith = status(302, { location: target.url() });
    const metadata = await permissive.newEndpoint(own, 'http://169.254.169.254/latest');
    const redirecting = await permissive.newEndpoint(own, receiver.url());
    await local.accept(batchOf([permissive.alert(own)]));
    const tried = await permissive.journey(metadata.id, ({ attempts }) => attempts.length === 1);
    expect(tried.attempts[0]?.answer).toBe(BLOCKED);
    await permissive.journey(redirecting.id, ({ attempts }) => attempts[0]?.status === 302);
    expect(target.connections).toBe(0);
    await target.close();
  });
});
