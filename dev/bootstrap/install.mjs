import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './plain-error.mjs';
import { slowStep } from './slow-step.mjs';

/** Runs `npm ci` unless node_modules holds, completely, what the lock file asks for. */
export async function installWhenLockChanged(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (wanted === undefined)
    throw new PlainError('package-lock.json cannot be read: restore it with git.');
  // npm writes this file as the last act of an install and `npm ci` deletes it first: a broken-off install has none.
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed !== undefined && findDifference(wanted, installed) === undefined) return;
  const label = 'dependencies by npm ci (about 1 GB unpacked, mostly the ClickHouse engine)';
  await slowStep(label, () => runNpmCi(root));
}

/** The first package that is missing or of another version; undefined when all are there. */
export function findDifference(wanted, installed) {
  return Object.keys(wanted).find((path) => {
    if (path === '' || wanted[path].version === installed[path]?.version) return false;
    return installed[path] !== undefined || !isForAnotherSystem(wanted[path]);
  });
}

function isForAnotherSystem({ optional, os, cpu, libc }) {
  if (!optional) return false;
  const fits = (names, own) => names === undefined || [names].flat().includes(own);
  return !fits(os, process.platform) || !fits(cpu, process.arch) || !fits(libc, 'glibc');
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function runNpmCi(root) {
  // An environment that says "production" must not leave out the compiler and the engines.
  const groups = ['--include=dev', '--include=optional'];
  const args = ['ci', ...groups, '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const [file, prefix] = cli === undefined ? ['npm', []] : [process.execPath, [cli]];
  const stdio = ['ignore', 'inherit', 'inherit'];
  const child = spawn(file, [...prefix, ...args], { cwd: root, stdio });
  const [code] = await once(child, 'exit');
  if (code !== 0) {
    throw new PlainError(
      'npm could not install the dependencies; its message is above. Mend the cause and try again.',
    );
  }
}
