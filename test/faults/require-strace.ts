import { spawnSync } from 'node:child_process';
import { installByApt } from '../e2e/install-by-apt.js';

/** Makes sure of strace, installing it where that is allowed. Throws with what to install where it is not. */
export function requireStrace(): void {
  if (isThere()) return;
  installByApt('strace');
  if (isThere()) return;
  throw new Error(
    'strace is missing, which cuts inserts off. Install it: apt-get install strace (Debian), dnf install strace (Fedora). It exists on Linux only.',
  );
}

function isThere(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}
