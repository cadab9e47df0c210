import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../../../dev/platform/platform.js';
import { startPlatform, type PlatformOptions } from '../../../dev/platform/start-platform.js';

type TestPlatformOptions = Pick<PlatformOptions, 'apps' | 'env' | 'nodes' | 'stripe' | 'progress'>;

/** A whole platform of a test's own, and the way to end it. */
export interface TestPlatform {
  platform: Platform;
  /** Stops everything; deletes data and logs unless `keep` says that somebody wants to look at them. */
  end: (keep?: boolean) => Promise<void>;
}

/**
 * Starts engines and apps on free ports in a directory of their own, as `npm start` does, so that a test may kill any of them.
 * @param name unique among the tests of one run; the directory is `.reckoner-test/<name>-<pid>`.
 */
export async function startTestPlatform(
  name: string,
  options: TestPlatformOptions = {},
): Promise<TestPlatform> {
  const directory = join(process.cwd(), '.reckoner-test', `${name}-${process.pid}`);
  const platform = await startPlatform({ ...options, directory });
  const end = async (keep = false) => {
    await platform.stop();
    if (!keep) rmSync(directory, { recursive: true, force: true });
  };
  return { platform, end };
}
