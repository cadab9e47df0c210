import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { EVENTS_DIALECTS } from './dialects/events-path.js';
import { jsonSchemas } from './dto/json-schemas.js';

/** The page tells the usual first: the dialect that takes what no other recognises. */
const pages = EVENTS_DIALECTS.toReversed().map(({ page }) => page);

export const eventsBodySchema = { oneOf: pages.flatMap(({ forms }) => forms) };

export const eventsBodyExamples = Object.assign({}, ...pages.map(({ examples }) => examples));

const text = { type: 'string' };
const whole = { type: 'integer' };

export const resultsSchema = {
  type: 'object',
  properties: {
    accepted: whole,
    duplicate: whole,
    refused: whole,
    results: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          index: whole,
          id: { type: 'string', nullable: true },
          status: { type: 'string', enum: ['accepted', 'duplicate', 'refused'] },
          error: {
            type: 'object',
            properties: { code: text, message: text, field: { type: 'string', nullable: true } },
          },
        },
      },
    },
  },
};

export const errorSchema = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: text,
        message: text,
        request_id: text,
        details: {
          type: 'array',
          items: { type: 'object', properties: { field: text, message: text } },
        },
      },
    },
  },
};

/** Serves the page at `/docs` and the document at `/docs-json`. The schemas of bodies are the DTOs' own. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Reckoner ingest-api')
    .setDescription('Usage events in.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const schemas = pages.map(({ wire }) => jsonSchemas(wire));
  document.components = {
    ...document.components,
    schemas: Object.assign({ ...document.components?.schemas }, ...schemas),
  };
  SwaggerModule.setup('docs', app, document);
}
