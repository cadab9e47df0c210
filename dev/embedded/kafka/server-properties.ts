export interface BrokerPlace {
  dataDirectory: string;
  /** From 1: its place among `controllerPorts`. */
  nodeId: number;
  port: number;
  /** Of every node, itself included. */
  controllerPorts: readonly number[];
}

const REPLICAS_MAX = 3;

/** The `server.properties` of a node that is broker and controller, by itself or with others, and listens on loopback only. */
export function writeServerProperties({
  dataDirectory,
  nodeId,
  port,
  controllerPorts,
}: BrokerPlace): string {
  const voters = controllerPorts.map((voter, at) => `${at + 1}@127.0.0.1:${voter}`);
  const replicas = String(Math.min(controllerPorts.length, REPLICAS_MAX));
  const inSync = controllerPorts.length >= REPLICAS_MAX ? '2' : '1';
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPorts[nodeId - 1]}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDirectory,
    // Topics come from the table of topics; a misspelt name must fail, not appear.
    'auto.create.topics.enable': 'false',
    // After kill -9 the controller waits for the dead broker's session before the new one may serve.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': '4',
    // Nobody waits for members that may still come.
    'group.initial.rebalance.delay.ms': '0',
    // Group offsets outlive the 40 days that usage topics are kept.
    'offsets.retention.minutes': String(60 * 24 * 60),
    // Preallocated index files of 10 MiB a segment would fill the disk of a small machine.
    'log.index.size.max.bytes': '1048576',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'num.recovery.threads.per.data.dir': '2',
    'log.cleaner.dedupe.buffer.size': '16777216',
    'socket.request.max.bytes': '104857600',
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
