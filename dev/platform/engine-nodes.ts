import { findFreePort, type Ports } from './ports.js';

/** One node of an engine: where clients reach it, and where the other nodes of its cluster do. */
export interface EngineNode {
  /** Of its process, its folder and its log. */
  name: string;
  port: number;
  peerPort: number;
}

/** The engines that run as clusters when asked to. */
export interface EngineNodes {
  kafka: EngineNode[];
  redis: EngineNode[];
}

/** The first node of each engine has the platform's ports; those of the others, `kafka-2` and so on, are free ones. */
export async function placeNodes(ports: Ports, count: number): Promise<EngineNodes> {
  const others = async (engine: string) => {
    const nodes: EngineNode[] = [];
    for (let n = 2; n <= count; n++) {
      nodes.push({
        name: `${engine}-${n}`,
        port: await findFreePort(),
        peerPort: await findFreePort(),
      });
    }
    return nodes;
  };
  const kafka = { name: 'kafka', port: ports.kafka, peerPort: ports['kafka-controller'] };
  const redis = { name: 'redis', port: ports.redis, peerPort: await findFreePort() };
  return {
    kafka: [kafka, ...(await others('kafka'))],
    redis: [redis, ...(await others('redis'))],
  };
}
