import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BrokerProgram, classArchiveOf, writeArchiveArguments } from './broker-command.js';
import { writeServerProperties, type BrokerPlace } from './server-properties.js';

const FORMAT_MS_MAX = 60_000;

/** Gives the node its storage and the cluster its id, once. Formatted aside and renamed, so half a format is never used. */
export async function formatStorage(
  program: BrokerProgram,
  place: BrokerPlace,
  clusterId: string,
): Promise<void> {
  const draft = `${place.dataDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const propertiesFile = `${draft}.properties`;
  writeFileSync(propertiesFile, writeServerProperties({ ...place, dataDirectory: draft }));
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesFile];
  const classPath = ['-cp', join(program.jars, '*')];
  const archive = writeArchiveArguments(`-XX:SharedArchiveFile=${classArchiveOf(program)}`);
  // The tool ends before code would be worth a second translation: a third of the processor time.
  const briefly = ['-XX:TieredStopAtLevel=1', ...archive];
  const options = { timeout: FORMAT_MS_MAX };
  await promisify(execFile)(program.java, [...briefly, ...classPath, ...format], options);
  rmSync(propertiesFile);
  renameSync(draft, place.dataDirectory);
}

/** A cluster's id, of which Kafka knows only the form. */
export function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  // The tool's parser takes a leading dash for an option.
  return id.startsWith('-') ? newClusterId() : id;
}
