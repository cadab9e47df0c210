import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../repository-root.js';
import { openLogFile, readLogTail } from '../../supervision/log-file.js';

const pom = join(repositoryRoot, 'dev', 'pom.xml');

/** The folder that holds, or is to hold, the jars which today's `dev/pom.xml` asks for. */
export function jarDirectory(cacheDirectory: string): string {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  return join(cacheDirectory, 'jars', version);
}

/** Fetches Kafka's jars by Maven into `jarDirectory`; a fetch that is cut off leaves nothing that looks complete. */
export async function fetchJars(maven: string, cacheDirectory: string, logFile: string) {
  const target = jarDirectory(cacheDirectory);
  if (existsSync(target)) return;
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const log = openLogFile(logFile);
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
    const options = ['-B', '-f', pom, ...goal, `-DoutputDirectory=${draft}`];
    const child = spawn(maven, options, { stdio: ['ignore', log, log] });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) {
      throw new Error(
        `Maven could not fetch Apache Kafka (log: ${logFile}):\n${readLogTail(logFile)}\n` +
          'It needs Maven Central, or a mirror of it named in ~/.m2/settings.xml.',
      );
    }
    // Another start may have been quicker; its jars are the same.
    if (!existsSync(target)) renameSync(draft, target);
  } finally {
    closeSync(log);
    rmSync(draft, { recursive: true, force: true });
  }
}
