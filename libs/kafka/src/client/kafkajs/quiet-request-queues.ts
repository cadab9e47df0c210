import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const require = createRequire(import.meta.url);

/**
 * Lets connections rest that have nothing to send. kafkajs 2.2.4 looks after requests that wait for their turn by a timer
 * which it re-arms also when none waits, with a delay below zero: a thousand wakings a second for each connection.
 */
export function quietRequestQueues(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
