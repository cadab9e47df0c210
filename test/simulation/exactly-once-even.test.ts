import { describe, it } from '@jest/globals';
import { expectExact } from './expect-exact.js';
import { EVEN_SEEDS, SEED_MS_MAX } from './simulated-seeds.js';

describe('decide, count, store under random interleavings', () => {
  it(
    `is exact for ${EVEN_SEEDS.length} even seeds from ${EVEN_SEEDS[0]} on`,
    async () => {
      for (const seed of EVEN_SEEDS) await expectExact(seed);
    },
    EVEN_SEEDS.length * SEED_MS_MAX,
  );
});
