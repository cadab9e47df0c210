import type { SharedStanding, SharedUse } from '#limits';
import type { Redis } from './connect-redis.js';
import { paceKey } from './pace-writes.js';
import { RedisScript } from './redis-script.js';

/** Longer than a window lasts and any answer about it takes. */
const KEPT_MS = 60_000;

/** Counts what all processes have used of their projects' quotas. Lost with Redis, it begins anew with the next window. */
export class SharedUseWrites {
  private readonly script = new RedisScript('add-use');

  /** @param kind what is counted: of each kind on its own. */
  constructor(
    private readonly redis: Redis,
    private readonly kind: 'door' | 'sends',
  ) {}

  /** One call, so that it is counted whole or not at all; answers the sums, and the project's pace. */
  async add({ window, project, tallies }: SharedUse): Promise<SharedStanding> {
    const keys = tallies.map(
      ({ keyId }) => `{${project}}:use:${this.kind}:${window}:${keyId ?? ''}`,
    );
    const added = tallies.flatMap(({ amounts: { requests, events, bytes } }) =>
      [requests, events, bytes].map(String),
    );
    const args = [String(KEPT_MS), ...added];
    const sums = await this.script.run(this.redis, [...keys, paceKey(project)], args);
    const numbers = (sums as (number | string)[]).map(Number);
    const totals = tallies.map((_, index) => {
      const [requests = 0, events = 0, bytes = 0] = numbers.slice(3 * index);
      return { requests, events, bytes };
    });
    return { totals, pace: numbers.at(-1) || null };
  }
}
