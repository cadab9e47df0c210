import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { openLogFile, readLogTail } from '../supervision/log-file.js';
import { findProgram } from './find-program.js';
import type { Requirement } from './install-advice.js';

// The newest first: which of them exists depends on the release, and its default may be too old for Kafka.
const javaPackages = ['openjdk-25', 'openjdk-21', 'openjdk-17'].map(
  (name) => `${name}-jre-headless`,
);

/** Whether this process may install packages: root on a system with apt. */
export function mayInstallByApt(): boolean {
  return userInfo().uid === 0 && findProgram('apt-get') !== undefined;
}

/** Installs the requirements by apt; throws with the end of its output when that fails. */
export async function installByApt(missing: Requirement[], logFile: string): Promise<void> {
  await runApt(['update'], logFile);
  const packages = missing.map((requirement) => packageOf(requirement));
  await runApt(['install', '-y', '--no-install-recommends', ...packages], logFile);
  // The package starts a server of its own on 6379, which nobody asked for.
  if (missing.includes('redis'))
    spawnSync('service', ['redis-server', 'stop'], { stdio: 'ignore' });
}

function packageOf(requirement: Requirement): string {
  if (requirement === 'maven') return 'maven';
  if (requirement === 'redis') return 'redis-server';
  return javaPackages.find(isInstallable) ?? 'default-jre-headless';
}

function isInstallable(name: string): boolean {
  const policy = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout;
  return policy.includes('Candidate:') && !policy.includes('Candidate: (none)');
}

async function runApt(args: string[], logFile: string): Promise<void> {
  const log = openLogFile(logFile);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args];
  const child = spawn('apt-get', options, { env, stdio: ['ignore', log, log] });
  const [code] = (await once(child, 'exit')) as [number | null];
  closeSync(log);
  if (code !== 0) {
    throw new Error(`apt-get ${args[0]} failed (log: ${logFile}):\n${readLogTail(logFile)}`);
  }
}
