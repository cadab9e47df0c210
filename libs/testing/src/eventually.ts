import { setTimeout as delay } from 'node:timers/promises';

const WAIT_MS_MAX = 20_000;
const PAUSE_MS = 10;

/** Asks until the answer is not null, and gives it. Throws when that takes longer than `timeoutMs`. */
export async function eventually<T>(
  ask: () => T | null | Promise<T | null>,
  timeoutMs = WAIT_MS_MAX,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms`);
    await delay(PAUSE_MS);
  }
}
