import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';

interface Runner {
  running: boolean;
  fetch: (this: Runner, nodeId: string) => Promise<unknown[]>;
}

const require = createRequire(import.meta.url);

/**
 * Lets the fetching of a consumer that was stopped come to its end. When a broker comes or goes, kafkajs 2.2.4 makes its
 * fetchers anew; if the consumer is stopped while the former ones end, the new ones are told nothing, for ever and without a
 * pause: no timer and no socket of the process has its turn again. An error ends them; its repetition finds the consumer stopped.
 */
export function endStoppedFetchers(): void {
  const { prototype } = require('kafkajs/src/consumer/runner') as { prototype: Runner };
  const { fetch } = prototype;
  prototype.fetch = async function (this: Runner, nodeId: string) {
    if (!this.running) throw new kafkajs.KafkaJSError('the consumer was stopped');
    return fetch.call(this, nodeId);
  };
}
