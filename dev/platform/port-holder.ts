import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';
const COMMAND_LENGTH_MAX = 80;

/** Who listens on a TCP port, such as `process 712 (redis-server *:6379)`; undefined when that cannot be told. */
export function findPortHolder(port: number): string | undefined {
  const pid = process.platform === 'linux' ? findListenerOnLinux(port) : findListenerByLsof(port);
  if (pid === undefined) return undefined;
  try {
    const command = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return `process ${pid} (${command.trim().slice(0, COMMAND_LENGTH_MAX)})`;
  } catch {
    return `process ${pid}`;
  }
}

function findListenerOnLinux(port: number): number | undefined {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6']
      .flatMap((table) => readLines(table).slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === LISTENING)
      .map((fields) => `socket:[${fields[9]}]`),
  );
  if (sockets.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (openSocketsOf(pid).some((socket) => sockets.has(socket))) return Number(pid);
  }
  return undefined;
}

function openSocketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    // Another user's process, or one that ended meanwhile.
    return [];
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

function findListenerByLsof(port: number): number | undefined {
  try {
    const arguments_ = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
    const pids = execFileSync('lsof', arguments_, { encoding: 'utf8' });
    return Number(pids.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}
