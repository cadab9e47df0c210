import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram, listInstalledJavas } from './find-program.js';
import type { Requirement } from './install-advice.js';
import { javaVersionMin, parseJavaVersion } from './java-version.js';

/** The programs that the engines are run with. */
export interface Prerequisites {
  java: string;
  redisServer: string;
  /** Absent when Kafka's jars are already there: nothing else needs it. */
  maven?: string;
}

/** Looks for every program on this machine; `jars` is where Kafka's jars lie or are to lie. */
export function findPrerequisites(jars: string): Prerequisites | { missing: Requirement[] } {
  const java = listInstalledJavas().find(isRecentJava);
  const redisServer = findProgram('redis-server');
  const maven = findProgram('mvn');
  const missing: Requirement[] = [];
  if (java === undefined) missing.push('java');
  if (maven === undefined && !existsSync(jars)) missing.push('maven');
  if (redisServer === undefined) missing.push('redis');
  if (java === undefined || redisServer === undefined || missing.length > 0) return { missing };
  return { java, redisServer, maven };
}

function isRecentJava(java: string): boolean {
  const { stderr, stdout } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 20_000 });
  return (parseJavaVersion(`${stderr}${stdout}`) ?? 0) >= javaVersionMin;
}
