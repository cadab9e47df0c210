import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type Answer, ConsoleHarness } from './console-harness.js';

const WINDOW_MS = 10_000;
/** Five a second over windows of ten. */
const SENDS_OF_A_WINDOW = 50;
const NOBODY = '00000000-0000-4000-8000-000000000000';
/** Each way to make the platform send something. What it is about need not be there: the limit comes first. */
const SENDS: readonly [path: string, body: object][] = [
  [`/v1/webhook-endpoints/${NOBODY}/test`, { type: 'budget.breached' }],
  [`/v1/webhook-endpoints/${NOBODY}/replay`, { from: '2026-11-01', to: '2026-11-02' }],
  [`/v1/webhook-endpoints/deliveries/${NOBODY}/resend`, {}],
  [`/v1/quarantine/${NOBODY}/replay`, {}],
];

let harness: ConsoleHarness;

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());

/** Windows begin with every tenth second: waits until there is time for many calls in this one. */
async function earlyInWindow(): Promise<void> {
  while (Date.now() % WINDOW_MS > WINDOW_MS / 4) await delay(100);
}

const send = (key: string, n: number): Promise<Answer> => {
  const [path, body] = SENDS[n % SENDS.length]!;
  return harness.call('POST', path, { key, body });
};

describe('tests, resends and replays of a project', () => {
  it('are so many in ten seconds over all routes and keys, say when to come again, and end nobody else', async () => {
    const { project, key } = await harness.newProject();
    const other = await harness.newKey(project, ['read', 'manage']);
    const elsewhere = await harness.newProject();
    await earlyInWindow();
    const first = await send(key, 0);
    expect(first.headers['ratelimit-policy']).toBe('"sends";q=50;w=10');
    expect(first.headers['ratelimit']).toMatch(/^"sends";r=49;t=\d+$/);
    const answers = [first];
    for (let n = 1; n < SENDS_OF_A_WINDOW; n++) answers.push(await send(n % 2 ? other : key, n));
    expect(answers.filter(({ status }) => status === 429)).toEqual([]);
    for (const [n] of SENDS.entries()) {
      const refused = await send(key, n);
      expect([refused.status, refused.body.error.code]).toEqual([429, 'rate_limited']);
      const seconds = Number(refused.headers['retry-after']);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(10);
      expect(refused.headers['ratelimit']).toBe(`"sends";r=0;t=${seconds}`);
    }
    expect((await send(other, 0)).status).toBe(429);
    expect((await send(elsewhere.key, 0)).status).toBe(404);
    expect((await harness.call('GET', '/v1/webhook-endpoints', { key })).status).toBe(200);
  });
});

describe('the rate limits of a project over HTTP', () => {
  const NONE = {
    requests_per_second: null,
    events_per_second: null,
    bytes_per_second: null,
    key_requests_per_second: null,
    key_events_per_second: null,
    key_bytes_per_second: null,
  };
  const admin = (method: 'GET' | 'PATCH', project: string, body?: object) =>
    harness.call(method, `/v1/projects/${project}/rate-limits`, { key: ADMIN_KEY, body });

  it('are the installation’s until the owner sets others, one by one, and again when taken back', async () => {
    const { project } = await harness.newProject();
    expect((await admin('GET', project)).body).toEqual(NONE);
    const changed = await admin('PATCH', project, { events_per_second: 7, bytes_per_second: 9 });
    expect([changed.status, changed.body]).toEqual([
      200,
      { ...NONE, events_per_second: 7, bytes_per_second: 9 },
    ]);
    await admin('PATCH', project, { events_per_second: null });
    expect((await admin('GET', project)).body).toEqual({ ...NONE, bytes_per_second: 9 });
  });

  it.each([[0], [-1], [1.5], ['7'], [1_000_000_001]])('are not %j a second', async (wrong) => {
    const { project } = await harness.newProject();
    const { status, body } = await admin('PATCH', project, { requests_per_second: wrong });
    expect(status).toBe(400);
    expect(body.error.details.map(({ field }) => field)).toEqual(['requests_per_second']);
    expect((await admin('GET', project)).body).toEqual(NONE);
  });

  it('are of nobody but the owner, and of no project that is not there', async () => {
    const { project, key } = await harness.newProject();
    const own = await harness.call('PATCH', `/v1/projects/${project}/rate-limits`, {
      key,
      body: { requests_per_second: 1_000 },
    });
    expect([401, 403]).toContain(own.status);
    expect((await admin('GET', project)).body).toEqual(NONE);
    expect((await admin('GET', 'nobody')).status).toBe(404);
  });
});
