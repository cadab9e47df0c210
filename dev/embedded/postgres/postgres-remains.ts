import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/**
 * Clears what a killed server left in its data directory. Backends outlive kill -9 of their server for a moment and hold the
 * shared memory, and the lock file may name a pid that belongs to somebody else by now: with either, a new server refuses.
 * Call it only when the directory's server is known to be dead.
 */
export async function clearPostgresRemains(dataDirectory: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const backends = findProcessesIn(dataDirectory);
    if (backends.length === 0 || Date.now() > deadline) break;
    for (const pid of backends) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    }
    await delay(50);
  }
  rmSync(join(dataDirectory, 'postmaster.pid'), { force: true });
}

/** Every PostgreSQL process works in its data directory. Only Linux tells; elsewhere backends end by themselves. */
function findProcessesIn(directory: string): number[] {
  if (!existsSync('/proc/self/cwd')) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const isPostgres = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
        return isPostgres && readlinkSync(`/proc/${pid}/cwd`) === directory;
      } catch {
        return false;
      }
    })
    .map(Number);
}
