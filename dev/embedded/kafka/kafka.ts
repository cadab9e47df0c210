import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../repository-root.js';
import { answersTcp } from '../../supervision/probes.js';
import type { ProcessSpec } from '../../supervision/process-spec.js';
import { writeServerProperties, type BrokerPlace } from './server-properties.js';

interface KafkaOptions extends BrokerPlace {
  java: string;
  jars: string;
  logFile: string;
}

const logConfiguration = join(repositoryRoot, 'dev', 'embedded', 'kafka', 'log4j2.properties');

/** Apache Kafka as one process: a KRaft node that is broker and controller, with at most 512 MB of heap. */
export function describeKafka(options: KafkaOptions): ProcessSpec {
  const propertiesFile = `${options.dataDirectory}.properties`;
  return {
    name: 'kafka',
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
    isReady: () => answersTcp('127.0.0.1', options.port),
    command: async () => {
      if (!existsSync(options.dataDirectory)) await formatStorage(options);
      writeFileSync(propertiesFile, writeServerProperties(options));
      return {
        file: options.java,
        args: [
          '-Xms256m',
          '-Xmx512m',
          '-XX:+UseG1GC',
          '-XX:MaxGCPauseMillis=20',
          '-Djava.awt.headless=true',
          `-Dlog4j2.configurationFile=${logConfiguration}`,
          '-cp',
          join(options.jars, '*'),
          'kafka.Kafka',
          propertiesFile,
        ],
        env: { LC_ALL: 'C.UTF-8' },
        cwd: options.dataDirectory,
      };
    },
  };
}

/** Gives the node its storage and the cluster its id, once. Formatted aside and renamed, so half a format is never used. */
async function formatStorage(options: KafkaOptions): Promise<void> {
  const draft = `${options.dataDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const propertiesFile = `${draft}.properties`;
  writeFileSync(propertiesFile, writeServerProperties({ ...options, dataDirectory: draft }));
  const format = ['kafka.tools.StorageTool', 'format', '-t', newClusterId(), '-c', propertiesFile];
  const classPath = ['-cp', join(options.jars, '*')];
  await promisify(execFile)(options.java, [...classPath, ...format], { timeout: 60_000 });
  rmSync(propertiesFile);
  renameSync(draft, options.dataDirectory);
}

function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  // The tool's parser takes a leading dash for an option.
  return id.startsWith('-') ? newClusterId() : id;
}
