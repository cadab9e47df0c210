import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { endStoppedFetchers } from './end-stopped-fetchers.js';

interface Runner {
  running: boolean;
  consuming: boolean;
  scheduleFetchManager(): void;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);
const LOOKS_MAX = 1_000;

endStoppedFetchers();

describe('a consumer that is stopped while its fetchers are made anew', () => {
  it('comes to its end', async () => {
    const Runner = require('kafkajs/src/consumer/runner') as new (options: object) => Runner;
    const silent = () => undefined;
    const logger: object = { debug: silent, warn: silent, error: silent, namespace: () => logger };
    let nodes = ['1', '2'];
    let looks = 0;
    const answered = Promise.withResolvers<unknown[]>();
    const asked = Promise.withResolvers<void>();
    const consumerGroup = {
      getNodeIds: () => {
        looks += 1;
        // Whoever never pauses would keep this test from its time limit.
        if (looks > LOOKS_MAX) throw new Error('the fetchers turn for ever');
        return nodes;
      },
      fetch: async (node: string): Promise<unknown[]> => {
        if (node === '2') return [];
        asked.resolve();
        return answered.promise;
      },
      heartbeat: () => Promise.resolve(),
      leave: () => Promise.resolve(),
    };
    const retry = { initialRetryTime: 1, maxRetryTime: 1, retries: 3 };
    const runner = new Runner({
      logger,
      consumerGroup,
      instrumentationEmitter: { emit: () => undefined },
      concurrency: 1,
      onCrash: () => undefined,
      retry,
    });
    runner.running = true;
    runner.scheduleFetchManager();
    await asked.promise;
    // The broker of the second fetcher has left; the first one still waits for its own.
    nodes = ['1'];
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = runner.stop();
    answered.resolve([]);
    await stopped;
    expect(runner.consuming).toBe(false);
    expect(looks).toBeLessThan(20);
  });
});
