import { existsSync, writeFileSync } from 'node:fs';
import { answersTcp } from '../../supervision/probes.js';
import type { ProcessSpec } from '../../supervision/process-spec.js';
import { classArchiveOf, writeBrokerArguments, type BrokerProgram } from './broker-command.js';
import { formatStorage } from './format-storage.js';
import { writeServerProperties, type BrokerPlace } from './server-properties.js';

interface KafkaOptions extends BrokerPlace, BrokerProgram {
  name: string;
  /** The same for every node. */
  clusterId: string;
  logFile: string;
}

/** A node of Apache Kafka as one process: broker and KRaft controller. */
export function describeKafka(options: KafkaOptions): ProcessSpec {
  const { java, jars, dataDirectory } = options;
  const propertiesFile = `${dataDirectory}.properties`;
  return {
    name: options.name,
    logFile: options.logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
    isReady: () => answersTcp('127.0.0.1', options.port),
    command: async () => {
      if (!existsSync(dataDirectory)) await formatStorage(options, options, options.clusterId);
      writeFileSync(propertiesFile, writeServerProperties(options));
      const classes = `-XX:SharedArchiveFile=${classArchiveOf(options)}`;
      const args = writeBrokerArguments(jars, propertiesFile, classes);
      return { file: java, args, env: { LC_ALL: 'C.UTF-8' }, cwd: dataDirectory };
    },
  };
}
