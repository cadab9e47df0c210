import { setImmediate as turn } from 'node:timers/promises';

/** What the work comes to. Others have their turn between its slices. */
export async function inTurns<T>(work: Generator<void, T, void>): Promise<T> {
  for (;;) {
    const slice = work.next();
    if (slice.done) return slice.value;
    await turn();
  }
}
