import { Cluster, type ClusterOptions, Redis as Server, type RedisOptions } from 'ioredis';

/** A server, or a cluster of several: every script and transaction keeps to the keys of one project, which lie in one slot. */
export type Redis = Server | Cluster;

const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 1_000;
const CLUSTER_SLOTS = 16_384;

const SERVER: RedisOptions = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy,
};

const CLUSTER: ClusterOptions = {
  redisOptions: { commandTimeout: COMMAND_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS },
  enableOfflineQueue: false,
  clusterRetryStrategy: retryStrategy,
  slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
  slotsRefreshInterval: RECONNECT_MS_MAX,
  // Zero: a command that was cut off is not sent again, and one without a server is an outage at once.
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
};

/**
 * A connection that reconnects for ever and whose every command ends within 2 s. Without a connection a command fails at
 * once; one that was cut off is not sent again, because its caller has to look first what became of it.
 * Several URLs, separated by commas, are nodes of one cluster: its other nodes are asked of them.
 */
export function connectRedis(url: string): Redis {
  const urls = url.split(',');
  return urls.length === 1 ? new Server(url, SERVER) : new Cluster(urls, withAccount(urls[0]!));
}

/** The servers that hold keys: of a cluster, those masters that are connected. */
export function serversOf(redis: Redis): Server[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}

/** Rejects unless every key has a server that answers. */
export async function pingRedis(redis: Redis): Promise<void> {
  if (!(redis instanceof Cluster)) {
    await redis.ping();
    return;
  }
  const info = await redis.cluster('INFO');
  const served = Number(/^cluster_slots_ok:(\d+)/m.exec(info)?.[1] ?? 0);
  if (served < CLUSTER_SLOTS)
    throw new Error(
      `${CLUSTER_SLOTS - served} of the ${CLUSTER_SLOTS} slots of Redis have no server that answers`,
    );
}

/** The nodes that a cluster tells of come without a name and password. */
function withAccount(url: string): ClusterOptions {
  const { username, password, protocol } = new URL(url);
  const account = {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
  return { ...CLUSTER, redisOptions: { ...CLUSTER.redisOptions, ...account } };
}

function retryStrategy(tries: number): number {
  return Math.min(50 * tries, RECONNECT_MS_MAX);
}

/** Until the connection stands; false when it does not within `msMax`. */
export async function untilConnected(redis: Redis, msMax: number): Promise<boolean> {
  if (redis.status === 'ready') return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onReady = () => resolve(true);
  const timer = setTimeout(() => resolve(false), msMax);
  redis.once('ready', onReady);
  const stands = await promise;
  clearTimeout(timer);
  redis.off('ready', onReady);
  return stands;
}
