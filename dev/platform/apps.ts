import { join } from 'node:path';
import { repositoryRoot } from '../repository-root.js';
import { answersHttpOk } from '../supervision/probes.js';
import type { ProcessSpec } from '../supervision/process-spec.js';
import type { EngineAddresses } from './engines.js';

export const appNames = [
  'ingest-api',
  'pricing-worker',
  'aggregator',
  'notifier',
  'billing',
  'console',
] as const;

export type AppName = (typeof appNames)[number];

/** Where billing finds Stripe: the simulator has a url, Stripe itself none. */
export interface StripeAccount {
  secretKey: string;
  url?: string;
  /** The user insisted on a live key. */
  allowLive?: boolean;
}

/** What every app of one platform is told, whatever it makes of it. */
export interface AppSurroundings {
  engines: EngineAddresses;
  stripe: StripeAccount;
  adminKey: string;
  /** Of the secrets that the console seals and the notifier opens. */
  sealingKeys: string;
  /** Others reach this platform: what is meant for trying it alone is off. */
  isPublic: boolean;
}

/** The environment of an app. Keys reach only the app that needs them, and each has its own role in PostgreSQL. */
export function writeAppEnvironment(app: AppName, surroundings: AppSurroundings) {
  const { engines, stripe, adminKey, sealingKeys, isPublic } = surroundings;
  const env: Record<string, string> = {
    KAFKA_BROKERS: engines.kafkaBrokers,
    CLICKHOUSE_URL: engines.clickhouseUrl,
    CLICKHOUSE_DATABASE: engines.clickhouseDatabase,
    REDIS_URL: engines.redisUrl,
  };
  if (app !== 'pricing-worker') env.DATABASE_URL = engines.databaseUrls[app];
  // Webhooks to this very machine are what a local platform is tried with. As soon as others reach it they could be aimed at its network.
  if (!isPublic) env.WEBHOOK_ALLOW_PRIVATE = 'true';
  if (app === 'console' || app === 'notifier') env.SEALING_KEYS = sealingKeys;
  if (app === 'console') env.ADMIN_KEY = adminKey;
  if (app === 'billing') Object.assign(env, writeStripeEnvironment(stripe));
  return env;
}

function writeStripeEnvironment({ secretKey, url, allowLive }: StripeAccount) {
  const env: Record<string, string> = { STRIPE_SECRET_KEY: secretKey };
  if (url !== undefined) env.STRIPE_URL = url;
  if (allowLive === true) env.STRIPE_ALLOW_LIVE = 'true';
  return env;
}

interface AppPlace {
  /** The process's name: the app's, or another for a second instance. */
  name: string;
  app: AppName;
  host: string;
  port: number;
  metricsPort: number;
  logFile: string;
  env: Record<string, string>;
}

/** One app as a process of its own, ready when its `/health/ready` says so. */
export function describeApp({
  name,
  app,
  host,
  port,
  metricsPort,
  logFile,
  env,
}: AppPlace): ProcessSpec {
  const probedHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    name,
    logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 20_000,
    isReady: () => answersHttpOk(`http://${probedHost}:${port}/health/ready`),
    command: () =>
      Promise.resolve({
        file: process.execPath,
        args: ['--enable-source-maps', join(repositoryRoot, 'dist', 'apps', app, 'src', 'main.js')],
        env: {
          ...inheritedEnvironment(),
          ...env,
          HTTP_HOST: host,
          HTTP_PORT: String(port),
          METRICS_PORT: String(metricsPort),
        },
        cwd: repositoryRoot,
      }),
  };
}

/** The user's own environment (LOG_LEVEL, TZ, proxies) without what npm adds and without the key that billing alone gets. */
function inheritedEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !name.startsWith('npm_') && name !== 'STRIPE_SECRET_KEY',
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
