import { type LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { describeError } from './describe-error.js';

export type { Logger } from 'pino';

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

/** Lets Nest write through our logger. Its start-up chatter goes to debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    if (message instanceof Error) this.logger.error({ context, err: message }, message.message);
    else this.logger.error({ context, stack }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  verbose(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}
