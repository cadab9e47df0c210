import { existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';

const LOG_BYTES_MAX = 32 * 1024 * 1024;

/** Opens a process's log for appending and returns its descriptor. A log beyond 32 MiB is first moved aside to `<file>.1`. */
export function openLogFile(path: string): number {
  if (existsSync(path) && statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

/** The last lines of a log, for a message about a process that would not start. */
export function readLogTail(path: string, lineCount = 15): string {
  if (!existsSync(path)) return '';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lineCount).join('\n');
}
