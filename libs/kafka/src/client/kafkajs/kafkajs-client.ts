import kafkajs, { type Kafka, type RetryOptions } from 'kafkajs';
import { type SessionOptions } from '../sessions.js';
import { CuttableSockets } from './cuttable-sockets.js';
import { endStoppedFetchers } from './end-stopped-fetchers.js';
import { kafkaLogCreator, kafkaLogLevel } from './log-creator.js';
import { quietRequestQueues } from './quiet-request-queues.js';

export interface KafkajsOptions extends SessionOptions {
  requestTimeoutMs: number;
  retry: RetryOptions;
}

export interface KafkajsClient {
  kafka: Kafka;
  /** Ends every connection of this client for good: see `CuttableSockets`. */
  cut(reason: string): void;
}

const CONNECTION_TIMEOUT_MS = 1_000;

quietRequestQueues();
endStoppedFetchers();

/** The one way to kafkajs: logs in ours, connections that can be cut and that rest when there is nothing to do. */
export function createKafkajsClient(options: KafkajsOptions): KafkajsClient {
  const sockets = new CuttableSockets();
  const kafka = new kafkajs.Kafka({
    clientId: options.app,
    brokers: [...options.brokers],
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: options.requestTimeoutMs,
    retry: options.retry,
    socketFactory: sockets.factory,
    logLevel: kafkaLogLevel(options.logger),
    logCreator: kafkaLogCreator(options.logger),
  });
  return { kafka, cut: (reason) => sockets.cut(reason) };
}
