import { describe, expect, it } from '@jest/globals';
import { type Amounts, type UseKind, quotasOf } from './quotas.js';
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
const mine = { project: 'p', keyId: 'k1' };
const other = { project: 'p', keyId: 'k2' };

const standing = (limiter: RateLimiter, caller: Caller) =>
  limiter.standing(limiter.account(caller), quotas);
const spend = (limiter: RateLimiter, caller: Caller, kind: UseKind, amount: number) =>
  RateLimiter.spend(limiter.account(caller), kind, amount);

/** What all processes share, as Redis keeps it. */
class Shared {
  private readonly kept = new Map<string, Amounts>();

  exchange(limiter: RateLimiter): void {
    for (const { window, project, tallies } of limiter.unshared(100)) {
      for (const { tally, keyId, amounts: told } of tallies) {
        const name = JSON.stringify([window, project, keyId]);
        const before = this.kept.get(name) ?? amounts(0, 0, 0);
        const total = {
          requests: before.requests + told.requests,
          events: before.events + told.events,
          bytes: before.bytes + told.bytes,
        };
        this.kept.set(name, total);
        tally.learn(told, total);
      }
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
