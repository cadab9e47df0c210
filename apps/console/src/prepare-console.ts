import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { httpAdapter } from '#http';
import { observeRequests } from './observe-requests.js';
import { RequestValidation } from './request-validation.js';

const BODY_BYTES_MAX = 256 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;

export function consoleAdapter() {
  return httpAdapter({ bodyBytesMax: BODY_BYTES_MAX, requestTimeoutMs: REQUEST_TIMEOUT_MS });
}

/** What every request passes, beside the guards. */
export function prepareConsole(app: NestFastifyApplication): void {
  takeEmptyBodies(app);
  app.useGlobalPipes(new RequestValidation());
  observeRequests(app);
  serveOpenApi(app);
}

/** Many clients say `application/json` on every request, also where there is no body to send. */
function takeEmptyBodies(app: NestFastifyApplication): void {
  const parseJson = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser<Server>(
    'application/json',
    { bodyLimit: BODY_BYTES_MAX },
    (request, body: Buffer, done) => {
      if (body.length === 0) done(null, undefined);
      else void parseJson(request, body.toString(), done);
    },
  );
}

/** Serves the page at `/docs` and the document at `/docs-json`. */
function serveOpenApi(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Reckoner console')
    .setDescription('Usage out; projects, keys, applications and customers managed.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, SwaggerModule.createDocument(app, config));
}
