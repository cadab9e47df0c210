export interface BrokerPlace {
  dataDirectory: string;
  port: number;
  controllerPort: number;
}

/** The `server.properties` of a single broker that is its own controller and listens on loopback only. */
export function writeServerProperties({
  dataDirectory,
  port,
  controllerPort,
}: BrokerPlace): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDirectory,
    // Topics come from the table of topics; a misspelt name must fail, not appear.
    'auto.create.topics.enable': 'false',
    // After kill -9 the controller waits for the dead broker's session before the new one may serve.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '500',
    // One node: every internal topic has one replica, and a group need not wait for more members.
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '4',
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
