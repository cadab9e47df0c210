import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRegister } from '../platform/process-register.js';
import { identifyProcess } from '../supervision/process-identity.js';

/** Ends and deletes the platforms below a folder whose test process is gone, and returns their names. */
export async function removeAbandonedPlatforms(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isAbandoned(entry.name))
    .map(({ name }) => name);
  for (const name of names) {
    await new ProcessRegister(join(folder, name)).endLeftovers();
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return names;
}

/** Folders end in the pid of the test process that made them. */
function isAbandoned(name: string): boolean {
  const pid = /-(\d+)$/.exec(name)?.[1];
  return pid !== undefined && identifyProcess(Number(pid)) === undefined;
}
