import { mkdirSync } from 'node:fs';
import { answersTcp } from '../../supervision/probes.js';
import type { ProcessSpec } from '../../supervision/process-spec.js';

interface RedisOptions {
  name: string;
  redisServer: string;
  dataDirectory: string;
  port: number;
  /** Where the other nodes of its cluster reach it; undefined for a server alone. */
  clusterPort?: number;
  logFile: string;
}

/** The system's redis-server on loopback with its append-only file on. */
export function describeRedis({
  name,
  redisServer,
  dataDirectory,
  port,
  clusterPort,
  logFile,
}: RedisOptions): ProcessSpec {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: dataDirectory,
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'set-proc-title': 'no',
    ...(clusterPort === undefined ? {} : clusterSettings(clusterPort)),
  };
  return {
    name,
    logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    isReady: () => answersTcp('127.0.0.1', port, 'PING\r\n', '+PONG'),
    command: () => {
      mkdirSync(dataDirectory, { recursive: true });
      const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
      return Promise.resolve({ file: redisServer, args, env: {}, cwd: dataDirectory });
    },
  };
}

/** A node that is away takes its own slots along and no others; it counts as away after two seconds. */
function clusterSettings(port: number): Record<string, string> {
  return {
    'cluster-enabled': 'yes',
    'cluster-port': String(port),
    'cluster-config-file': 'nodes.conf',
    'cluster-node-timeout': '2000',
    'cluster-require-full-coverage': 'no',
  };
}
