import { mkdirSync } from 'node:fs';
import { answersTcp } from '../../supervision/probes.js';
import type { ProcessSpec } from '../../supervision/process-spec.js';

interface RedisOptions {
  redisServer: string;
  dataDirectory: string;
  port: number;
  logFile: string;
}

/** The system's redis-server on loopback with its append-only file on. */
export function describeRedis({
  redisServer,
  dataDirectory,
  port,
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
  };
  return {
    name: 'redis',
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
