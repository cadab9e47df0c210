import { IsIn } from 'class-validator';
import { loadConfig } from '#platform';

class TestLengthConfig {
  /** `npm run soak` sets `long`. */
  @IsIn(['short', 'long'])
  testLength: 'short' | 'long' = 'short';
}

/** How much a long test does: little enough for every run, or as much as `npm run soak` has time for. */
export function byTestLength<T>(sizes: { short: T; long: T }): T {
  return sizes[loadConfig(TestLengthConfig).testLength];
}
