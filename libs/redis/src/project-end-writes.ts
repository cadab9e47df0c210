import { type Redis, serversOf } from './connect-redis.js';

const KEYS_AT_ONCE = 1_000;
/** An aggregator that has not heard of the end may count once more: nothing that it leaves lives longer. */
const FORGET_MS = 3_600_000;
const PROJECT = /^\{([^}]*)\}:/;

type Server = ReturnType<typeof serversOf>[number];

/** Lets go of all that is kept of projects that are deleted. */
export class ProjectEndWrites {
  constructor(private readonly redis: Redis) {}

  /** One walk through all keys, in small steps: however much there is, nobody waits for it. */
  async end(projects: readonly string[]): Promise<void> {
    const ended = new Set(projects);
    for (const server of serversOf(this.redis)) await endOn(server, ended);
  }
}

async function endOn(server: Server, ended: ReadonlySet<string>): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await server.scan(cursor, 'MATCH', '{*}:*', 'COUNT', KEYS_AT_ONCE);
    const step = server.pipeline();
    for (const key of keys)
      if (ended.has(PROJECT.exec(key)?.[1] ?? '')) step.pexpire(key, FORGET_MS, 'LT');
    for (const [error] of (await step.exec()) ?? []) if (error) throw error;
    cursor = next;
  } while (cursor !== '0');
}
