import { Redis } from 'ioredis';

export type { Redis } from 'ioredis';

const COMMAND_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const RECONNECT_MS_MAX = 1_000;

/**
 * A connection that reconnects for ever and whose every command ends within 2 s. Without a connection a command fails at
 * once; one that was cut off is not sent again, because its caller has to look first what became of it.
 */
export function connectRedis(url: string): Redis {
  return new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(50 * tries, RECONNECT_MS_MAX),
  });
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
