import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../../platform/ports.js';
import { answersTcp } from '../../supervision/probes.js';
import { classArchiveOf, writeBrokerArguments, type BrokerProgram } from './broker-command.js';
import { formatStorage, newClusterId } from './format-storage.js';
import { writeServerProperties } from './server-properties.js';

const RUN_MS_MAX = 60_000;

/** Runs a broker once on throw-away storage and keeps the classes it loaded. A Java that cannot do that costs nothing but speed. */
export async function recordClassArchive(program: BrokerProgram): Promise<void> {
  const directory = mkdtempSync(`${program.jars}-recording-`);
  const dataDirectory = join(directory, 'data');
  const controllerPorts = [await findFreePort()];
  const place = { dataDirectory, nodeId: 1, port: await findFreePort(), controllerPorts };
  try {
    await formatStorage(program, place, newClusterId());
    const propertiesFile = join(directory, 'server.properties');
    writeFileSync(propertiesFile, writeServerProperties(place));
    const draft = join(directory, 'classes.jsa');
    const record = `-XX:ArchiveClassesAtExit=${draft}`;
    const args = writeBrokerArguments(program.jars, propertiesFile, record);
    const child = spawn(program.java, args, { stdio: 'ignore', timeout: RUN_MS_MAX });
    const gone = once(child, 'exit');
    while (child.exitCode === null && !(await answersTcp('127.0.0.1', place.port))) await delay(50);
    child.kill('SIGTERM');
    await gone;
    // An empty archive is passed over by Java, and keeps the next start from trying again.
    if (!existsSync(draft)) writeFileSync(draft, '');
    renameSync(draft, classArchiveOf(program));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
