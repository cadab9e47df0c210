import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installByApt } from './install-by-apt.js';

/** Kept from run to run: nothing in it belongs to one of them. */
const FOLDER = join(process.cwd(), '.reckoner-test', 'python');
const REQUESTS = 'requests==2.34.2';
const STEP_MS_MAX = 240_000;

/** A Python that has `requests`, made now when there is none. Throws with what to install when it cannot be made. */
export function pythonWithRequests(): string {
  const python = join(FOLDER, 'bin', 'python');
  if (run(python, ['-c', 'import requests'])) return python;
  if (!makeEnvironment()) {
    installByApt('python3-venv');
    if (!makeEnvironment())
      throw new Error('This test needs Python 3 with venv: apt-get install python3-venv');
  }
  if (!run(python, ['-m', 'pip', 'install', '--quiet', REQUESTS]))
    throw new Error(`pip could not install ${REQUESTS}: is the package index reachable?`);
  return python;
}

function makeEnvironment(): boolean {
  return run('python3', ['-m', 'venv', '--clear', FOLDER]) && existsSync(FOLDER);
}

function run(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: STEP_MS_MAX }).status === 0;
}
