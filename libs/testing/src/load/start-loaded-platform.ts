import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform, StartOptions } from '../../../../dev/platform/platform.js';
import type { AppName } from '../../../../dev/platform/apps.js';
import { startTestPlatform } from '../start-test-platform.js';
import { chooseSeed } from './choose-seed.js';
import { FREE_MODEL_OVERRIDES } from './hand-prices.js';
import { SeededRandom } from './seeded-random.js';
import { UsageLoad } from './usage-load.js';

const PIPE: readonly AppName[] = ['ingest-api', 'pricing-worker', 'aggregator'];

/** A platform of a test's own with the load that is sent to it. */
export interface LoadedPlatform {
  platform: Platform;
  load: UsageLoad;
  random: SeededRandom;
  /** What an app, or a further instance of it, must be given whenever it is started. */
  envOf: (app: AppName) => Record<string, string>;
  /** Starts an app anew with the environment that it had, and what is given on top. */
  restart: (app: AppName, options?: StartOptions) => Promise<void>;
  end: () => Promise<void>;
}

interface LoadedPlatformOptions {
  apps?: readonly AppName[];
  env?: Partial<Record<AppName, Record<string, string>>>;
  /** Kafka brokers and Redis servers. Default: 1. */
  nodes?: number;
}

/**
 * Starts the pipe, or the named apps, with prices for every model of the load. Random choices follow a seed that is
 * printed and can be given in `TEST_SEED`.
 */
export async function startLoadedPlatform(
  name: string,
  { apps = PIPE, env = {}, nodes = 1 }: LoadedPlatformOptions = {},
): Promise<LoadedPlatform> {
  const random = new SeededRandom(chooseSeed());
  process.stderr.write(`${name}: TEST_SEED=${random.seed}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'reckoner-prices-'));
  const overrides = join(folder, 'prices.json');
  writeFileSync(overrides, JSON.stringify(FREE_MODEL_OVERRIDES));
  const pricing = { PRICE_OVERRIDES: overrides, ...env['pricing-worker'] };
  const envs: typeof env = { ...env, 'pricing-worker': pricing };
  const { platform, end } = await startTestPlatform(name, { apps, env: envs, nodes });
  const load = new UsageLoad(platform, random);
  return {
    platform,
    load,
    random,
    envOf: (app) => envs[app] ?? {},
    restart: (app, options = {}) =>
      platform.restart(app, { ...options, env: { ...envs[app], ...options.env } }),
    end: async () => {
      await load.close();
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
