import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessRegister } from '../platform/process-register.js';
import { isSameProcessAlive, type ProcessIdentity } from '../supervision/process-identity.js';

/** Ends and deletes the platforms below a folder whose test process is gone, and returns their names. */
export async function removeAbandonedPlatforms(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isAbandoned(join(folder, entry.name)))
    .map(({ name }) => name);
  for (const name of names) {
    await new ProcessRegister(join(folder, name)).endLeftovers();
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  return names;
}

function isAbandoned(directory: string): boolean {
  try {
    const claim = readFileSync(join(directory, 'supervisor.json'), 'utf8');
    return !isSameProcessAlive(JSON.parse(claim) as ProcessIdentity);
  } catch {
    // Stopped in good order: what lies there was kept on purpose, or is being made at this moment.
    return false;
  }
}
