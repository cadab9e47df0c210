import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { HttpAdapter } from '#http';
import { observeRequests } from './observe-requests.js';
import { RequestValidation } from './request-validation.js';

const LIMITS = {
  requestTimeoutMs: 10_000,
  connectionsMax: 1_024,
  accepts: /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i,
};

export function consoleAdapter(): HttpAdapter {
  return new HttpAdapter(LIMITS);
}

/** What every request passes, beside the guards. */
export function prepareConsole(app: NestFastifyApplication): void {
  app.useGlobalPipes(new RequestValidation());
  observeRequests(app);
  serveOpenApi(app);
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
