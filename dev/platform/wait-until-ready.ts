import { setTimeout as delay } from 'node:timers/promises';
import { readLogTail } from '../supervision/log-file.js';
import type { ProcessExit, SupervisedProcess } from '../supervision/supervised-process.js';

/** A process did not come up. The message holds its name, its end and the last lines of its log. */
export class StartFailed extends Error {}

const EXITS_MAX = 3;
const PROBE_PAUSE_MS = 50;

/** Waits until a process answers; throws StartFailed after three ends by itself or when `timeoutMs` is over. */
export async function waitUntilReady(
  supervised: SupervisedProcess,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const exits: ProcessExit[] = [];
  const noteExit = (exit: ProcessExit) => exits.push(exit);
  supervised.on('exited', noteExit);
  const deadline = Date.now() + timeoutMs;
  try {
    while (supervised.pid === undefined || !(await supervised.spec.isReady())) {
      signal?.throwIfAborted();
      const last = exits.at(-1);
      if (exits.length >= EXITS_MAX && last !== undefined) {
        throw failure(supervised, describeExit(last));
      }
      if (Date.now() > deadline) {
        throw failure(supervised, `was not ready after ${timeoutMs / 1000} s`);
      }
      await delay(PROBE_PAUSE_MS);
    }
  } finally {
    supervised.off('exited', noteExit);
  }
}

export function describeExit({ code, signal, reason }: ProcessExit): string {
  if (reason !== undefined) return `could not be started: ${reason}`;
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

function failure({ name, spec }: SupervisedProcess, what: string): StartFailed {
  const tail = readLogTail(spec.logFile);
  const ending = tail === '' ? 'is empty.' : `ends with:\n${tail}`;
  return new StartFailed(`${name} ${what}\nIts log (${spec.logFile}) ${ending}`);
}
