import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';

/** About half a millisecond of Redis' time. */
const MEMBERS_AT_ONCE = 1_000;

/** Every sliding counter of a project that is at or above a bound, `<watch> <counter key>`, some at a time. One may come twice. */
export async function* scanFiring(
  redis: Redis,
  project: string,
): AsyncGenerator<string[], void, void> {
  let cursor = '0';
  do {
    const [next, members] = await redis.sscan(
      counterKeys.firing(project),
      cursor,
      'COUNT',
      MEMBERS_AT_ONCE,
    );
    yield members;
    cursor = next;
  } while (cursor !== '0');
}
