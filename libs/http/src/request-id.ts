import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const PROCESS_ID = randomBytes(6).toString('hex');
/** Goes into headers, logs and JSON as it is. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
let requests = 0;

/** Unique among all processes and restarts. */
export function nextRequestId(): string {
  requests += 1;
  return `req_${PROCESS_ID}${requests.toString(36).padStart(6, '0')}`;
}

/** The caller's own `X-Request-Id` where it is well-formed, so that its logs and ours meet; otherwise one of ours. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const theirs = headers['x-request-id'];
  return typeof theirs === 'string' && WELL_FORMED.test(theirs) ? theirs : nextRequestId();
}
