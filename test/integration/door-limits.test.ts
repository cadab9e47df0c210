import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RateLimitWrites } from '#postgres/writes';
import { DoorHarness } from './door-harness.js';

const WINDOW_MS = 10_000;
const LIMITS = {
  LIMITS_REQUESTS_PER_SECOND: '2',
  LIMITS_KEY_REQUESTS_PER_SECOND: '1',
  LIMITS_KEY_EVENTS_PER_SECOND: '100',
};
/** Nobody listens there. */
const NO_REDIS = 'redis://127.0.0.1:9';

let door: DoorHarness;

beforeAll(async () => {
  door = await DoorHarness.open({ ...LIMITS, REDIS_URL: NO_REDIS });
});

afterAll(() => door.close());

/** Windows begin with every tenth second: waits until there is time for a few calls in this one. */
async function earlyInWindow(): Promise<void> {
  while (Date.now() % WINDOW_MS > WINDOW_MS / 2) await delay(100);
}

const statusesOf = async (key: string, calls: number) => {
  const statuses: number[] = [];
  for (let n = 0; n < calls; n += 1) statuses.push((await door.post(key, [{ model: 'm' }])).status);
  return statuses;
};

describe('the limits of a door whose Redis is away', () => {
  it('hold for each key and for their project, say when to come again, and end with the window', async () => {
    const [first, second, third] = [
      await door.mintKey(),
      await door.mintKey(),
      await door.mintKey(),
    ];
    await earlyInWindow();
    expect(await statusesOf(first.key, 11)).toEqual([...Array<number>(10).fill(202), 429]);
    // The project may 20: the second key gets the ten that are left, the third none.
    expect(await statusesOf(second.key, 11)).toEqual([...Array<number>(10).fill(202), 429]);
    const refused = await door.post(third.key, [{ model: 'm' }]);
    expect([refused.status, refused.body.error.code]).toEqual([429, 'rate_limited']);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(10);
    expect(refused.headers.get('ratelimit-policy')).toMatch(
      /^"requests";q=10;w=10, "events";q=1000;w=10;qu="events", "bytes";q=\d+;w=10;qu="content-bytes"$/,
    );
    expect(refused.headers.get('ratelimit')).toMatch(
      new RegExp(`^"requests";r=0;t=${seconds}, "events";r=\\d+;t=${seconds}, "bytes";r=\\d+;t=`),
    );
    await delay(seconds * 1_000);
    const again = await door.post(third.key, [{ model: 'm' }]);
    expect(again.status).toBe(202);
    expect(again.headers.get('ratelimit')).toMatch(/^"requests";r=9;/);
  });

  it('are read again when the owner sets others for the project, and count events too', async () => {
    const { key } = await door.mintKey();
    const limits = { requests_per_second: 1_000, key_requests_per_second: 1_000 };
    const writes = new RateLimitWrites(door.postgres);
    await writes.change(door.project, { ...limits, key_events_per_second: 2 });
    const policyOf = async () =>
      (await door.post(key, [{ model: 'm' }])).headers.get('ratelimit-policy') ?? '';
    while (!(await policyOf()).startsWith('"requests";q=10000;w=10, "events";q=20;'))
      await delay(50);
    const fresh = await door.mintKey();
    await earlyInWindow();
    const events = Array.from({ length: 19 }, () => ({ model: 'm' }));
    expect((await door.post(fresh.key, events)).status).toBe(202);
    expect((await door.post(fresh.key, events)).status).toBe(202);
    expect((await door.post(fresh.key, events)).status).toBe(429);
    expect(await writes.change(door.project, { key_events_per_second: null })).toEqual(limits);
  });
});
