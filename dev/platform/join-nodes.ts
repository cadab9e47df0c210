import { setTimeout as delay } from 'node:timers/promises';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import { joinRedisCluster } from '../embedded/redis/join-redis-cluster.js';
import type { EngineAddresses } from './engines.js';
import type { EngineNodes } from './engine-nodes.js';

const BROKERS_MS_MAX = 60_000;
const POLL_MS = 200;

/** Waits until the nodes of each engine are one cluster; nothing for an engine of one node. */
export async function joinNodes(nodes: EngineNodes, engines: EngineAddresses): Promise<void> {
  const urls = engines.redisUrl.split(',');
  const servers = nodes.redis.map((node, at) => ({ ...node, url: urls[at]! }));
  if (servers.length > 1) await joinRedisCluster(servers);
  if (nodes.kafka.length > 1) await untilBrokers(nodes.kafka.length, engines.kafkaBrokers);
}

/** Topics that are made before every broker is there would get too few replicas. */
async function untilBrokers(count: number, brokers: string): Promise<void> {
  const logger = createLogger('start', 'silent');
  const view = new ClusterView({ app: 'start', brokers: brokers.split(','), logger });
  const deadline = Date.now() + BROKERS_MS_MAX;
  try {
    for (;;) {
      const found = await view.brokerCount().catch(() => 0);
      if (found === count) return;
      if (Date.now() > deadline)
        throw new Error(`only ${found} of ${count} Kafka brokers are there`);
      await delay(POLL_MS);
    }
  } finally {
    await view.close();
  }
}
