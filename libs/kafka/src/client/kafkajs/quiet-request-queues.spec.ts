import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { quietRequestQueues } from './quiet-request-queues.js';

interface RequestQueue {
  push(request: object): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  checkPendingRequests(): void;
  maybeThrottle(forMs: number): void;
}

const require = createRequire(import.meta.url);

let queue: RequestQueue;
let sent: number[];

beforeEach(() => {
  jest.useFakeTimers();
  quietRequestQueues();
  const Queue = require('kafkajs/src/network/requestQueue') as new (
    options: object,
  ) => RequestQueue;
  const logger = { debug: () => undefined, warn: () => undefined };
  const connection = { clientId: 'test', broker: 'b1', logger };
  queue = new Queue({ ...connection, maxInFlightRequests: 1, requestTimeout: 60_000 });
  sent = [];
});
afterEach(() => {
  jest.useRealTimers();
});

function push(correlationId: number): void {
  const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
  queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
}

const answer = (correlationId: number) =>
  queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 });

describe('a connection', () => {
  it('has no timer while nothing waits for its turn', () => {
    queue.checkPendingRequests();
    push(1);
    answer(1);
    expect([sent, jest.getTimerCount()]).toEqual([[1], 0]);
  });

  it('sends what waited when its turn comes, and rests again', () => {
    push(1);
    push(2);
    expect([sent, jest.getTimerCount()]).toEqual([[1], 1]);
    answer(1);
    expect(sent).toEqual([1, 2]);
    answer(2);
    jest.runOnlyPendingTimers();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends what a broker had it hold back', () => {
    queue.maybeThrottle(500);
    push(1);
    jest.advanceTimersByTime(499);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(11);
    expect(sent).toEqual([1]);
  });
});
