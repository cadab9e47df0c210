import { rmSync } from 'node:fs';
import { isLoopback } from '#platform';
import { prepareEngineTools } from '../prerequisites/prepare-prerequisites.js';
import { Progress } from '../progress.js';
import { provisionStores, seedDemo } from '../provision.js';
import { appNames, type AppName, type StripeAccount } from './apps.js';
import { checkDataVersion } from './data-version.js';
import { DirectoryClaim } from './directory-claim.js';
import { placeNodes } from './engine-nodes.js';
import { addressEngines } from './engines.js';
import { Platform } from './platform.js';
import { PlatformDirectory, cacheDirectory } from './platform-directory.js';
import { findFreePorts, findTakenPorts, type Ports } from './ports.js';
import { ProcessRegister } from './process-register.js';
import { loadOrCreateSecrets } from './secrets.js';

/** A port is somebody else's. The message names it, its holder and the option that chooses another. */
export class PortTaken extends Error {}

export interface PlatformOptions {
  directory: string;
  /** Default: free ones, for platforms that run beside others. */
  ports?: Ports;
  /** Kafka brokers and Redis servers, each set one cluster. Default: 1. */
  nodes?: number;
  /** Where ingest-api and console listen. Default: loopback. */
  host?: string;
  /** Default: all of them. An empty list starts the engines alone. */
  apps?: readonly AppName[];
  /** On top of what the platform gives an app, by app. */
  env?: Partial<Record<AppName, Record<string, string>>>;
  /** Default: the simulator. */
  stripe?: StripeAccount;
  /** Deletes the data of this directory before the start. */
  fresh?: boolean;
  progress?: Progress;
  /** Hands over the platform as soon as there is one, so that a signal during the start can stop it. */
  onCreated?: (platform: Platform) => void;
}

/** Brings a whole platform up: tools, engines, tables and topics, demo project, apps, in that order. Whatever fails is undone. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const progress = options.progress ?? new Progress(() => undefined);
  const directory = new PlatformDirectory(options.directory);
  const claim = await DirectoryClaim.take(directory.path, (line) => progress.say(line));
  try {
    const platform = await createPlatform(options, directory, claim, progress);
    options.onCreated?.(platform);
    await bringUp(platform, options, progress).catch(async (error: unknown) => {
      await platform.stop();
      throw error;
    });
    return platform;
  } catch (error) {
    claim.release();
    throw error;
  }
}

async function createPlatform(
  options: PlatformOptions,
  directory: PlatformDirectory,
  claim: DirectoryClaim,
  progress: Progress,
): Promise<Platform> {
  const host = options.host ?? '127.0.0.1';
  const register = new ProcessRegister(directory.path);
  const ended = await register.endLeftovers();
  if (ended.length > 0)
    progress.say(`  ok   ended what a killed start had left: ${ended.join(', ')}`);
  rmSync(directory.platformFile, { force: true });
  const ports = options.ports ?? (await findFreePorts());
  const taken = await findTakenPorts(host, ports);
  if (taken.length > 0) throw new PortTaken(taken.join('\n'));
  if (options.fresh === true) directory.deleteData();
  checkDataVersion(directory.path, directory.data);
  const tools = await prepareEngineTools(cacheDirectory, progress);
  const secrets = loadOrCreateSecrets(directory.secretsFile);
  const nodes = await placeNodes(ports, options.nodes ?? 1);
  const engines = addressEngines(ports, nodes, secrets);
  const stripe = options.stripe ?? { secretKey: 'sk_test_simulator', url: engines.stripeUrl };
  const isPublic = !isLoopback(host);
  const { adminKey, sealingKeys } = secrets;
  const surroundings = { engines, stripe, adminKey, sealingKeys, isPublic };
  return new Platform({
    directory,
    claim,
    register,
    ports,
    nodes,
    host,
    tools,
    secrets,
    surroundings,
    progress,
  });
}

async function bringUp(platform: Platform, options: PlatformOptions, progress: Progress) {
  await platform.startEngines();
  const { engines, sealingKeys } = platform.surroundings;
  const stores = {
    kafkaBrokers: engines.kafkaBrokers.split(','),
    clickhouse: { url: engines.clickhouseUrl, database: engines.clickhouseDatabase },
    databaseUrl: engines.databaseUrl,
    databasePasswords: platform.databasePasswords,
    sealingKeys: sealingKeys.split(','),
  };
  await progress.step('tables and topics', () => provisionStores(stores));
  const apps = options.apps ?? appNames;
  const startApp = (app: AppName) => platform.startApp(app, { env: options.env?.[app] });
  await Promise.all(apps.map((app) => progress.step(app, () => startApp(app))));
  const access = await progress.step('demo project', () =>
    seedDemo(engines.databaseUrl, platform.demoKey),
  );
  platform.publish(access);
}
