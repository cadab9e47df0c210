import { describe, expect, it } from '@jest/globals';
import { type Amounts, type Limits, type UseKind, quotasOf } from './quotas.js';
import { rateLimitHeaders } from './rate-limit-headers.js';
import { type Caller, RateLimiter } from './rate-limiter.js';

const WINDOW_MS = 10_000;
const amounts = (requests: number, events: number, bytes: number): Amounts => ({
  requests,
  events,
  bytes,
});
const quotas = quotasOf(
  {
    requests_per_second: 1,
    events_per_second: 10,
    bytes_per_second: 100,
    key_requests_per_second: 3,
    key_events_per_second: 8,
    key_bytes_per_second: 100,
  },
  { key_requests_per_second: 0.5 },
);
const everyLimit = (perSecond: number): Limits => ({
  requests_per_second: perSecond,
  events_per_second: perSecond,
  bytes_per_second: perSecond,
  key_requests_per_second: perSecond,
  key_events_per_second: perSecond,
  key_bytes_per_second: perSecond,
});
const mine = { project: 'p', keyId: 'k1' };
const other = { project: 'p', keyId: 'k2' };

const standing = (limiter: RateLimiter, caller: Caller) =>
  limiter.standing(limiter.account(caller), quotas);
const spend = (limiter: RateLimiter, caller: Caller, kind: UseKind, amount: number) =>
  limiter.spend(limiter.account(caller), kind, amount);

/** What all processes share, as Redis keeps it. */
class Shared {
  private readonly kept = new Map<string, Amounts>();
  /** Of project `p`. */
  pace: number | null = null;

  exchange(limiter: RateLimiter): void {
    for (const unshared of limiter.unshared(100)) {
      const { window, project, tallies } = unshared;
      const totals = tallies.map(({ keyId, amounts: told }) => {
        const name = JSON.stringify([window, project, keyId]);
        const before = this.kept.get(name) ?? amounts(0, 0, 0);
        const total = {
          requests: before.requests + told.requests,
          events: before.events + told.events,
          bytes: before.bytes + told.bytes,
        };
        this.kept.set(name, total);
        return total;
      });
      limiter.learn(unshared, { totals, pace: project === 'p' ? this.pace : null });
    }
  }
}

describe('a rate limit', () => {
  it('takes calls while anything is left, for the key and for the project', () => {
    const limiter = new RateLimiter(() => 0);
    for (let n = 0; n < 5; n += 1) {
      expect(standing(limiter, mine).exhausted).toBeNull();
      spend(limiter, mine, 'requests', 1);
    }
    expect(standing(limiter, mine).exhausted).toBe('requests');
    // The project has five left, for another key.
    for (let n = 0; n < 5; n += 1) {
      expect(standing(limiter, other).exhausted).toBeNull();
      spend(limiter, other, 'requests', 1);
    }
    expect(standing(limiter, other).exhausted).toBe('requests');
    expect(standing(limiter, { project: 'p', keyId: 'k3' }).exhausted).toBe('requests');
    expect(standing(limiter, { project: 'q', keyId: 'k1' }).exhausted).toBeNull();
  });

  it.each(['events', 'bytes'] as const)(
    'is reached by %s too; the last call may go over',
    (kind) => {
      const limiter = new RateLimiter(() => 0);
      spend(limiter, mine, kind, quotas.key[kind] - 1);
      expect(standing(limiter, mine).exhausted).toBeNull();
      spend(limiter, mine, kind, 50);
      expect(standing(limiter, mine).exhausted).toBe(kind);
    },
  );

  it('ends with its window, and says in how many seconds', () => {
    let nowMs = 3 * WINDOW_MS + 2_500;
    const limiter = new RateLimiter(() => nowMs);
    spend(limiter, mine, 'requests', 5);
    expect(standing(limiter, mine)).toMatchObject({ exhausted: 'requests', secondsLeft: 8 });
    nowMs = 4 * WINDOW_MS - 1;
    expect(standing(limiter, mine)).toMatchObject({ exhausted: 'requests', secondsLeft: 1 });
    nowMs = 4 * WINDOW_MS;
    expect(standing(limiter, mine)).toMatchObject({ exhausted: null, secondsLeft: 10 });
  });

  it('holds over several processes once they have heard of each other, and counts nothing twice', () => {
    const [one, two] = [new RateLimiter(() => 0), new RateLimiter(() => 0)];
    const shared = new Shared();
    spend(one, mine, 'requests', 3);
    spend(two, mine, 'requests', 2);
    expect(standing(one, mine).exhausted).toBeNull();
    for (const limiter of [one, two, one, two, one]) shared.exchange(limiter);
    // What was told once is not told again: the second round changes nothing.
    spend(two, mine, 'bytes', 1);
    shared.exchange(two);
    expect(standing(two, mine).exhausted).toBe('requests');
    expect(standing(two, mine).left.requests).toBe(0);
    spend(one, mine, 'bytes', 1);
    shared.exchange(one);
    expect(standing(one, mine).exhausted).toBe('requests');
    expect(standing(one, other).left.requests).toBe(5);
  });

  it('takes of a paced project so many events a second over all doors, and of others all', () => {
    let nowMs = 0;
    const doors = [new RateLimiter(() => nowMs), new RateLimiter(() => nowMs)];
    const shared = new Shared();
    shared.pace = 100;
    const roomy = quotasOf(everyLimit(1_000_000), {});
    let [paced, others] = [0, 0];
    // Sixty seconds, a call of ten events at each door every 20 ms: 1,000 events a second are offered.
    for (; nowMs < 60_000; nowMs += 20) {
      for (const door of doors) {
        for (const project of ['p', 'q']) {
          const account = door.account({ project, keyId: 'k' });
          if (door.standing(account, roomy).exhausted !== null) continue;
          door.spend(account, 'requests', 1);
          door.spend(account, 'events', 10);
          if (project === 'p') paced += 10;
          else others += 10;
        }
        if (nowMs % 200 === 0) shared.exchange(door);
      }
    }
    expect(others).toBe(60_000);
    // Besides 100 a second: half a second's worth at once, and what both take in the 200 ms before they hear of each other.
    expect(paced).toBeGreaterThanOrEqual(5_900);
    expect(paced).toBeLessThanOrEqual(6_000 + 50 + 2 * 100);
  });

  it('of a pace says when there is room again, and forgets the pace when nobody repeats it', () => {
    let nowMs = 0;
    const limiter = new RateLimiter(() => nowMs);
    const shared = new Shared();
    const roomy = quotasOf(everyLimit(1_000_000), {});
    shared.pace = 20;
    spend(limiter, mine, 'requests', 1);
    shared.exchange(limiter);
    const now = () => limiter.standing(limiter.account(mine), roomy);
    expect(now()).toMatchObject({ exhausted: null, pace: { perSecond: 20, left: 10 } });
    spend(limiter, mine, 'events', 100);
    // 90 too many, and one to come: 91 / 20 s.
    expect(now()).toMatchObject({ exhausted: 'pace', secondsLeft: 5 });
    expect(rateLimitHeaders(roomy, now())['ratelimit']).toMatch(/, "pace";r=0;t=5$/);
    expect(rateLimitHeaders(roomy, now())['ratelimit-policy']).toMatch(
      /, "pace";q=20;w=1;qu="events"$/,
    );
    nowMs = 2_900;
    shared.exchange(limiter);
    nowMs = 4_549;
    expect(now().exhausted).toBe('pace');
    nowMs = 4_550;
    expect(now().exhausted).toBeNull();
    spend(limiter, mine, 'events', 1_000);
    nowMs = 5_900;
    expect(now().exhausted).toBe('pace');
    nowMs = 5_901;
    expect(now()).toMatchObject({ exhausted: null, pace: null });
  });

  it('is no longer paced as soon as the pace is taken back', () => {
    const limiter = new RateLimiter(() => 0);
    const shared = new Shared();
    shared.pace = 1;
    spend(limiter, mine, 'requests', 1);
    shared.exchange(limiter);
    spend(limiter, mine, 'events', 5);
    expect(standing(limiter, mine).exhausted).toBe('pace');
    shared.pace = null;
    shared.exchange(limiter);
    expect(standing(limiter, mine).exhausted).toBeNull();
  });

  it('is told in the fields of the draft', () => {
    const limiter = new RateLimiter(() => 4_000);
    spend(limiter, mine, 'events', 30);
    expect(rateLimitHeaders(quotas, standing(limiter, mine))).toEqual({
      'ratelimit-policy':
        '"requests";q=5;w=10, "events";q=80;w=10;qu="events", "bytes";q=1000;w=10;qu="content-bytes"',
      ratelimit: '"requests";r=5;t=6, "events";r=50;t=6, "bytes";r=1000;t=6',
    });
  });
});
