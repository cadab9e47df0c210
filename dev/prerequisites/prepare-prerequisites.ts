import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchJars, jarDirectory } from '../embedded/kafka/fetch-jars.js';
import { classArchiveOf } from '../embedded/kafka/broker-command.js';
import { recordClassArchive } from '../embedded/kafka/record-class-archive.js';
import type { Progress } from '../progress.js';
import { installByApt, mayInstallByApt } from './apt-install.js';
import { findPrerequisites, type Prerequisites } from './find-prerequisites.js';
import { writeInstallAdvice, type Requirement } from './install-advice.js';

/** A program is missing and may not be installed from here. The message says what to type. */
export class PrerequisiteMissing extends Error {}

export interface EngineTools extends Prerequisites {
  jars: string;
}

/** Finds what the engines need, installs by apt what is missing where that is allowed, and fetches Kafka's jars. */
export async function prepareEngineTools(
  cacheDirectory: string,
  progress: Progress,
): Promise<EngineTools> {
  mkdirSync(cacheDirectory, { recursive: true });
  const jars = jarDirectory(cacheDirectory);
  const tools = await findOrInstall(jars, join(cacheDirectory, 'apt.log'), progress);
  const { maven } = tools;
  if (maven !== undefined && !existsSync(jars)) {
    const fetch = () => fetchJars(maven, cacheDirectory, join(cacheDirectory, 'maven.log'));
    await progress.step('Apache Kafka by Maven (46 jars, 43 MB)', fetch);
  }
  const program = { java: tools.java, jars };
  if (!existsSync(classArchiveOf(program))) {
    const record = () => recordClassArchive(program);
    await progress.step('a quicker start for Apache Kafka', record);
  }
  return { ...tools, jars };
}

async function findOrInstall(jars: string, aptLog: string, progress: Progress) {
  const found = findPrerequisites(jars);
  if (!('missing' in found)) return found;
  if (!mayInstallByApt()) throw new PrerequisiteMissing(writeInstallAdvice(found.missing));
  const label = `${found.missing.join(', ')} by apt (log: ${aptLog})`;
  await progress.step(label, () => installByApt(found.missing, aptLog));
  const installed = findPrerequisites(jars);
  if ('missing' in installed) throw stillMissing(installed.missing);
  return installed;
}

function stillMissing(missing: Requirement[]): PrerequisiteMissing {
  return new PrerequisiteMissing(`apt did not bring everything. ${writeInstallAdvice(missing)}`);
}
