import { describe, it } from '@jest/globals';
import { expectExact } from './expect-exact.js';
import { ODD_SEEDS, SEED_MS_MAX } from './simulated-seeds.js';

describe('decide, count, store under random interleavings', () => {
  it(
    `is exact for ${ODD_SEEDS.length} odd seeds from ${ODD_SEEDS[0]} on`,
    async () => {
      for (const seed of ODD_SEEDS) await expectExact(seed);
    },
    ODD_SEEDS.length * SEED_MS_MAX,
  );
});
