import { join } from 'node:path';
import { newClusterId } from '../embedded/kafka/format-storage.js';
import { describeKafka } from '../embedded/kafka/kafka.js';
import { describePostgres, postgresName } from '../embedded/postgres/postgres.js';
import { describeRedis } from '../embedded/redis/redis.js';
import type { EngineTools } from '../prerequisites/prepare-prerequisites.js';
import { APP_ROLES, type AppRole, roleUrl } from '#postgres';
import { repositoryRoot } from '../repository-root.js';
import { answersHttpOk } from '../supervision/probes.js';
import type { ProcessSpec } from '../supervision/process-spec.js';
import type { EngineNodes } from './engine-nodes.js';
import type { PlatformDirectory } from './platform-directory.js';
import type { Ports } from './ports.js';
import type { Secrets } from './secrets.js';

/** Where the engines answer, each with its password; the same words whether they are embedded or a cluster. */
export interface EngineAddresses {
  kafkaBrokers: string;
  clickhouseUrl: string;
  clickhouseDatabase: string;
  /** As the owner of the tables. */
  databaseUrl: string;
  /** As the roles of the apps. */
  databaseUrls: Record<AppRole, string>;
  redisUrl: string;
  /** The Stripe simulator. */
  stripeUrl: string;
}

export function addressEngines(
  ports: Ports,
  nodes: EngineNodes,
  secrets: Secrets,
): EngineAddresses {
  const databaseUrl = `postgres://${postgresName}:${secrets.postgresPassword}@127.0.0.1:${ports.postgres}/${postgresName}`;
  const urls = APP_ROLES.map((app) => [
    app,
    roleUrl(databaseUrl, app, secrets.databasePasswords[app]),
  ]);
  return {
    kafkaBrokers: nodes.kafka.map(({ port }) => `127.0.0.1:${port}`).join(','),
    clickhouseUrl: `http://default:${secrets.clickhousePassword}@127.0.0.1:${ports.clickhouse}`,
    clickhouseDatabase: 'reckoner',
    databaseUrl,
    databaseUrls: Object.fromEntries(urls) as EngineAddresses['databaseUrls'],
    redisUrl: nodes.redis
      .map(({ port }) => `redis://:${secrets.redisPassword}@127.0.0.1:${port}`)
      .join(','),
    stripeUrl: `http://127.0.0.1:${ports['stripe-sim']}`,
  };
}

/** The engines and the Stripe simulator as processes, each with a folder and a log of its own. */
export function describeEngines(
  directory: PlatformDirectory,
  ports: Ports,
  nodes: EngineNodes,
  tools: EngineTools,
  secrets: Secrets,
): ProcessSpec[] {
  const place = (name: 'postgres' | 'clickhouse' | 'stripe-sim') => ({
    dataDirectory: directory.dataOf(name),
    port: ports[name],
    logFile: directory.logOf(name),
  });
  return [
    ...describeBrokers(directory, nodes, tools),
    describeNodeEngine(
      'clickhouse',
      'dev/embedded/clickhouse/main.js',
      '/ping',
      place('clickhouse'),
      { CLICKHOUSE_PASSWORD: secrets.clickhousePassword },
    ),
    describePostgres({ ...place('postgres'), password: secrets.postgresPassword }),
    ...describeRedisNodes(directory, nodes, tools, secrets.redisPassword),
    describeNodeEngine('stripe-sim', 'dev/stripe-sim/main.js', '/_sim/health', place('stripe-sim')),
  ];
}

function describeBrokers(
  directory: PlatformDirectory,
  { kafka }: EngineNodes,
  { java, jars }: EngineTools,
): ProcessSpec[] {
  const controllerPorts = kafka.map(({ peerPort }) => peerPort);
  const clusterId = newClusterId();
  return kafka.map(({ name, port }, at) => {
    const place = { dataDirectory: directory.dataOf(name), logFile: directory.logOf(name) };
    return describeKafka({
      ...place,
      name,
      nodeId: at + 1,
      port,
      controllerPorts,
      clusterId,
      java,
      jars,
    });
  });
}

function describeRedisNodes(
  directory: PlatformDirectory,
  { redis }: EngineNodes,
  { redisServer }: EngineTools,
  password: string,
): ProcessSpec[] {
  return redis.map(({ name, port, peerPort }) => {
    const place = { dataDirectory: directory.dataOf(name), logFile: directory.logOf(name) };
    const clusterPort = redis.length > 1 ? peerPort : undefined;
    return describeRedis({ ...place, name, port, clusterPort, password, redisServer });
  });
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
