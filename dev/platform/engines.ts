import { join } from 'node:path';
import { describeKafka } from '../embedded/kafka/kafka.js';
import { describePostgres, postgresName } from '../embedded/postgres/postgres.js';
import { describeRedis } from '../embedded/redis/redis.js';
import type { EngineTools } from '../prerequisites/prepare-prerequisites.js';
import { repositoryRoot } from '../repository-root.js';
import { answersHttpOk } from '../supervision/probes.js';
import type { ProcessSpec } from '../supervision/process-spec.js';
import type { PlatformDirectory } from './platform-directory.js';
import type { Ports } from './ports.js';
import type { Secrets } from './secrets.js';

/** Where the engines answer, each with its password; the same words whether they are embedded or a cluster. */
export interface EngineAddresses {
  kafkaBrokers: string;
  clickhouseUrl: string;
  clickhouseDatabase: string;
  databaseUrl: string;
  redisUrl: string;
  /** The Stripe simulator. */
  stripeUrl: string;
}

export function addressEngines(ports: Ports, secrets: Secrets): EngineAddresses {
  return {
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    clickhouseUrl: `http://default:${secrets.clickhousePassword}@127.0.0.1:${ports.clickhouse}`,
    clickhouseDatabase: 'reckoner',
    databaseUrl: `postgres://${postgresName}:${secrets.postgresPassword}@127.0.0.1:${ports.postgres}/${postgresName}`,
    redisUrl: `redis://:${secrets.redisPassword}@127.0.0.1:${ports.redis}`,
    stripeUrl: `http://127.0.0.1:${ports['stripe-sim']}`,
  };
}

/** The engines and the Stripe simulator as processes, each with a folder and a log of its own. */
export function describeEngines(
  directory: PlatformDirectory,
  ports: Ports,
  tools: EngineTools,
  secrets: Secrets,
): ProcessSpec[] {
  const place = (name: 'kafka' | 'redis' | 'postgres' | 'clickhouse' | 'stripe-sim') => ({
    dataDirectory: directory.dataOf(name),
    port: ports[name],
    logFile: directory.logOf(name),
  });
  const { java, jars, redisServer } = tools;
  return [
    describeKafka({ ...place('kafka'), controllerPort: ports['kafka-controller'], java, jars }),
    describeNodeEngine(
      'clickhouse',
      'dev/embedded/clickhouse/main.js',
      '/ping',
      place('clickhouse'),
      { CLICKHOUSE_PASSWORD: secrets.clickhousePassword },
    ),
    describePostgres({ ...place('postgres'), password: secrets.postgresPassword }),
    describeRedis({ ...place('redis'), redisServer, password: secrets.redisPassword }),
    describeNodeEngine('stripe-sim', 'dev/stripe-sim/main.js', '/_sim/health', place('stripe-sim')),
  ];
}

function describeNodeEngine(
  name: string,
  entry: string,
  healthPath: string,
  place: { dataDirectory: string; port: number; logFile: string },
  env: Record<string, string> = {},
): ProcessSpec {
  const script = join(repositoryRoot, 'dist', entry);
  return {
    name,
    logFile: place.logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    isReady: () => answersHttpOk(`http://127.0.0.1:${place.port}${healthPath}`),
    command: () =>
      Promise.resolve({
        file: process.execPath,
        args: [script, '--data', place.dataDirectory, '--port', String(place.port)],
        env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...env },
        cwd: repositoryRoot,
      }),
  };
}
