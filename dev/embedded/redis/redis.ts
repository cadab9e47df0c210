import { mkdirSync } from 'node:fs';
import { writeFileAtomically } from '../../platform/write-file-atomically.js';
import { answersTcp } from '../../supervision/probes.js';
import type { ProcessSpec } from '../../supervision/process-spec.js';

interface RedisOptions {
  name: string;
  redisServer: string;
  dataDirectory: string;
  port: number;
  /** Where the other nodes of its cluster reach it; undefined for a server alone. */
  clusterPort?: number;
  password: string;
  logFile: string;
}

/** The system's redis-server on loopback with its append-only file on. Its password lies in a file of its own: a command line is everybody's. */
export function describeRedis({
  name,
  redisServer,
  dataDirectory,
  port,
  clusterPort,
  password,
  logFile,
}: RedisOptions): ProcessSpec {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: dataDirectory,
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
    'set-proc-title': 'no',
    ...(clusterPort === undefined ? {} : clusterSettings(clusterPort)),
  };
  return {
    name,
    logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    isReady: () => answersTcp('127.0.0.1', port, `AUTH ${password}\r\nPING\r\n`, '+OK\r\n+PONG'),
    command: () => {
      mkdirSync(dataDirectory, { recursive: true });
      const configFile = `${dataDirectory}.conf`;
      writeFileAtomically(configFile, `requirepass ${password}\n`);
      const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
      return Promise.resolve({
        file: redisServer,
        args: [configFile, ...args],
        env: {},
        cwd: dataDirectory,
      });
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
