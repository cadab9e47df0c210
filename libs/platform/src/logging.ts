import { type Logger, pino } from 'pino';
import { describeError } from './describe-error.js';

export type { Logger } from 'pino';

/** Injection token of the process's logger. */
export const LOGGER = Symbol('logger');

/**
 * One JSON line an entry, on standard output. Errors go under `err`, and there alone: they are written whole. Keys and bodies
 * are never logged; what looks like one is blanked.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    formatters: { level: (label) => ({ level: label }) },
    redact: ['*.authorization', '*.password', '*.secret', '*.token', '*.apiKey'],
  });
}
