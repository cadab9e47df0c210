import { setTimeout as delay } from 'node:timers/promises';
import { connectRedis, pingRedis, type Redis } from '#redis';

const SLOTS = 16_384;
const JOINED_MS_MAX = 30_000;
const POLL_MS = 100;

export interface ClusterNode {
  /** With name and password. */
  url: string;
  port: number;
  peerPort: number;
}

/** Makes servers that run in cluster mode one cluster, each with its share of the slots; nodes that are one already stay so. */
export async function joinRedisCluster(nodes: readonly ClusterNode[]): Promise<void> {
  const servers = nodes.map(({ url }) => connectRedis(url));
  // Each command says its own trouble; what nobody listens to would be written over the progress of the start.
  for (const server of servers) server.on('error', () => undefined);
  try {
    await inTime('its nodes do not answer', async () => {
      for (const server of servers) await server.ping();
    });
    for (const [at, server] of servers.entries()) await giveSlots(server, at, nodes.length);
    for (const { port, peerPort } of nodes.slice(1)) {
      await servers[0]!.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(peerPort));
    }
    const cluster = connectRedis(nodes.map(({ url }) => url).join(','));
    servers.push(cluster);
    cluster.on('error', () => undefined);
    await inTime('its nodes do not agree on its slots', async () => {
      await pingRedis(cluster);
      for (const server of servers.slice(0, nodes.length)) await assertKnown(server, nodes.length);
    });
  } finally {
    for (const server of servers) server.disconnect();
  }
}

async function giveSlots(server: Redis, at: number, nodes: number): Promise<void> {
  const own = String(await server.call('CLUSTER', 'NODES'))
    .split('\n')
    .find((line) => line.includes('myself'));
  // Behind the eighth word stand the ranges that a node serves.
  if (own!.trim().split(' ').length > 8) return;
  const first = Math.floor((at * SLOTS) / nodes);
  const last = Math.floor(((at + 1) * SLOTS) / nodes) - 1;
  await server.call('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
}

async function assertKnown(server: Redis, nodes: number): Promise<void> {
  const info = String(await server.call('CLUSTER', 'INFO'));
  const isJoined = info.includes('cluster_state:ok') && info.includes(`cluster_size:${nodes}`);
  if (!isJoined) throw new Error('a node does not know the others yet');
}

async function inTime(trouble: string, work: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + JOINED_MS_MAX;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new Error(`the Redis cluster does not form: ${trouble}`, { cause: error });
      await delay(POLL_MS);
    }
  }
}
