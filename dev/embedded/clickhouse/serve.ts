import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AdmissionQueue } from './admission-queue.js';
import { Engine } from './engine.js';
import { HttpFace } from './http-face.js';
import { StatementReader } from './incoming-statement.js';
import { InsertFiles } from './insert-files.js';
import { loadNativeEngine } from './native-engine.js';
import { MAIN_DATABASE } from './refuse-reaching-out.js';
import { SLOW_PLACES, type Options } from './options.js';

const LIMITS = {
  waiting: 256,
  slowAfterMs: 1_000,
  execution: {
    seconds: { usual: 60, most: 600 },
    resultBytes: { usual: 256 * 1024 * 1024, most: 256 * 1024 * 1024 },
  },
  body: { queryBytes: 16 * 1024 * 1024, insertBytes: 1024 * 1024 * 1024 },
};

const DRAIN_MS = 10_000;

function openEngine(directory: string): Engine {
  try {
    return new Engine(loadNativeEngine(), directory);
  } catch (error) {
    // The engine holds a file lock, which the system frees when the holder dies, however it dies.
    throw new Error(
      `cannot open ${directory}: another process holds it, or it is not readable (the engine's own line above says which)`,
      { cause: error },
    );
  }
}

/** Lets what runs finish, then stops the engine. What is cut off after the grace was never acknowledged. */
async function drain(face: HttpFace, queue: AdmissionQueue, engine: Engine): Promise<void> {
  face.server.close();
  face.server.closeIdleConnections();
  const deadline = Date.now() + DRAIN_MS;
  while (queue.size > 0 && Date.now() < deadline) await setTimeout(20);
  // Closing the engine under a running statement aborts it; the data does not need the close.
  if (queue.size === 0) engine.close();
}

/**
 * Opens the data folder and serves it until SIGTERM or SIGINT. Prints one JSON line when it listens.
 *
 * @throws when the folder is held by another process or the port is taken
 */
export async function serve(options: Options): Promise<void> {
  mkdirSync(options.data, { recursive: true });
  const engine = openEngine(join(options.data, 'engine'));
  const run = (sql: string) =>
    engine.run({
      sql,
      writes: false,
      defaultFormat: 'Null',
      database: undefined,
      settings: new Map(),
      parameters: new Map(),
    });
  // Databases load on their first use: wait for it here rather than in somebody's query.
  await run('SELECT count() FROM system.tables');
  await run(`CREATE DATABASE IF NOT EXISTS ${MAIN_DATABASE} ENGINE = Atomic`);
  const queue = new AdmissionQueue({ quick: options.sessions, slow: SLOW_PLACES, ...LIMITS });
  const files = new InsertFiles(join(options.data, 'insert-files'));
  const face = new HttpFace({
    engine,
    queue,
    files,
    reader: new StatementReader(files, LIMITS.body, LIMITS.execution.seconds.most),
    execution: LIMITS.execution,
    password: options.password,
    onEngineGone: (reason) => {
      console.error(reason.message);
      process.exit(1);
    },
  });
  face.server.listen(options.port, options.host);
  await once(face.server, 'listening');
  const { port } = face.server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  console.log(
    JSON.stringify({ event: 'listening', url: `http://${host}:${port}`, port, pid: process.pid }),
  );
  const stop = (): void => void drain(face, queue, engine).finally(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
