import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = join(import.meta.dirname, '../../dev/embedded/clickhouse/main.js');

const PASSWORD = randomBytes(18).toString('base64url');

/** A ClickHouse face in a process of its own, for a test. */
export interface EmbeddedClickHouse {
  /** With user and password. */
  url: string;
  child: ChildProcessWithoutNullStreams;
  /** Ends the process and waits until it is gone. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** A fresh folder for the engine's data, with the call that removes it. */
export const dataFolder = async (): Promise<{ path: string; remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'reckoner-clickhouse-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

/** Starts the face on a port that the system chooses, and waits until it listens. @throws with what it printed when it ends first */
export const startEmbeddedClickHouse = async (
  data: string,
  ...more: string[]
): Promise<EmbeddedClickHouse> => {
  const child = spawn(process.execPath, [MAIN, '--data', data, '--port', '0', ...more], {
    env: { ...process.env, CLICKHOUSE_PASSWORD: PASSWORD },
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  const exited = once(child, 'exit');
  const firstLine = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const line = await Promise.race([firstLine, exited.then(() => undefined)]);
  if (line === undefined) throw new Error(complaints);
  const { url } = JSON.parse(line[0]) as { url: string };
  return {
    url: url.replace('://', `://default:${PASSWORD}@`),
    child,
    stop: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
};

/** Asks past the client: what a URL says about the user goes into the headers, since `fetch` takes none in a URL. */
export const fetchFrom = (
  base: string,
  path: string,
  init: RequestInit = {},
): Promise<Response> => {
  const url = new URL(path, base);
  const headers = new Headers(init.headers);
  if (url.username !== '') headers.set('x-clickhouse-user', url.username);
  if (url.password !== '') headers.set('x-clickhouse-key', url.password);
  [url.username, url.password] = ['', ''];
  return fetch(url, { ...init, headers });
};
