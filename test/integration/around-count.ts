import type { CountAnswer, CountCall } from '#redis';

/** Runs around a call that counts. */
export type AroundCount = (
  count: () => Promise<CountAnswer>,
  call: CountCall,
) => Promise<CountAnswer>;
