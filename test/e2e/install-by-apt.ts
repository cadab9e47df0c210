import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { mayInstallByApt } from '../../dev/prerequisites/apt-install.js';

const STEP_MS_MAX = 240_000;

/**
 * Installs a package where that is allowed. Files that run beside each other wait for one another: apt itself gives up when
 * somebody else is at work.
 */
export function installByApt(name: string): void {
  if (!mayInstallByApt()) return;
  const lock = join(process.cwd(), '.reckoner-test', 'apt.lock');
  const install = `apt-get -q update; apt-get -q install -y --no-install-recommends ${name}`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('flock', [lock, 'sh', '-c', install], { env, stdio: 'ignore', timeout: STEP_MS_MAX });
}
