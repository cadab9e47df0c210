import { spawnSync } from 'node:child_process';
import { mayInstallByApt } from '../../dev/prerequisites/apt-install.js';

/** Makes sure of strace, installing it where that is allowed. Throws with what to install where it is not. */
export function requireStrace(): void {
  if (isThere()) return;
  if (mayInstallByApt()) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-q'], { env });
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'strace'], { env });
  }
  if (isThere()) return;
  throw new Error(
    'strace is missing, which cuts inserts off. Install it: apt-get install strace (Debian), dnf install strace (Fedora). It exists on Linux only.',
  );
}

function isThere(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}
