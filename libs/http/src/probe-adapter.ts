import { HttpAdapter } from './http-adapter.js';

const LIMITS = {
  requestTimeoutMs: 10_000,
  connectionsMax: 256,
  accepts: /^application\/json$/,
};

/** How a process listens that is only asked how it is. */
export function probeAdapter(): HttpAdapter {
  return new HttpAdapter(LIMITS);
}
