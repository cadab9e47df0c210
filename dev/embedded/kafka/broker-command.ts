import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../repository-root.js';

/** The Java that runs the broker and the folder of its jars. */
export interface BrokerProgram {
  java: string;
  jars: string;
}

const logConfiguration = join(repositoryRoot, 'dev', 'embedded', 'kafka', 'log4j2.properties');

/**
 * The loaded classes of an earlier run. Reading them saves a third of the processor time until the broker answers.
 * Each Java has its own: another one, or the same after an upgrade, would pass it over.
 */
export function classArchiveOf({ java, jars }: BrokerProgram): string {
  const program = realpathSync(java);
  const { mtimeMs, size } = statSync(program);
  const version = createHash('sha256').update(`${program} ${mtimeMs} ${size}`).digest('hex');
  return join(jars, `classes-${version.slice(0, 16)}.jsa`);
}

/** Java's arguments for an archive of classes: an archive that is missing, or made by another Java, is passed over without a word. */
export function writeArchiveArguments(archiveOption: string): string[] {
  return ['-Xshare:auto', '-Xlog:cds=off', '-Xlog:cds+dynamic=off', archiveOption];
}

/** Java's arguments for the broker: at most 512 MB of heap, short pauses. */
export function writeBrokerArguments(
  jars: string,
  propertiesFile: string,
  archiveOption: string,
): string[] {
  return [
    '-Xms256m',
    '-Xmx512m',
    '-XX:+UseG1GC',
    '-XX:MaxGCPauseMillis=20',
    ...writeArchiveArguments(archiveOption),
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${logConfiguration}`,
    '-cp',
    join(jars, '*'),
    'kafka.Kafka',
    propertiesFile,
  ];
}
