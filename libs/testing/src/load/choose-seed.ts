import { randomInt } from 'node:crypto';
import { IsInt, IsOptional } from 'class-validator';
import { loadConfig } from '#platform';

class SeedConfig {
  /** Repeats the random choices of an earlier run, which printed it. */
  @IsOptional()
  @IsInt()
  testSeed?: number;
}

/** A new seed for each run, or the one in `TEST_SEED`. */
export function chooseSeed(): number {
  return loadConfig(SeedConfig).testSeed ?? randomInt(2 ** 32);
}
