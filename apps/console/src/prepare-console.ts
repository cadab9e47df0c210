import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpAdapter } from '#http';
import { observeRequests } from './observe-requests.js';
import { serveOpenApi } from './openapi.js';
import { requestValidation } from './request-validation.js';

const BODY_BYTES_MAX = 256 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;

export function consoleAdapter() {
  return httpAdapter({ bodyBytesMax: BODY_BYTES_MAX, requestTimeoutMs: REQUEST_TIMEOUT_MS });
}

/** What every request passes, beside the guards. */
export function prepareConsole(app: NestFastifyApplication): void {
  app.useGlobalPipes(requestValidation());
  observeRequests(app);
  serveOpenApi(app);
}
