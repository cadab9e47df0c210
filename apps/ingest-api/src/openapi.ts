import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { jsonSchemas } from './dto/json-schemas.js';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const eventsBodySchema = {
  oneOf: [
    ref('UsageEventDto'),
    {
      type: 'object',
      properties: { events: { type: 'array', items: ref('UsageEventDto') } },
      required: ['events'],
    },
    { type: 'array', items: ref('UsageEventDto') },
    ref('AffordaiEventDto'),
  ],
};

const call = {
  id: 'hello-2',
  customer: 'acme',
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1000, cache_read_tokens: 200, output_tokens: 500 },
};

/** Bodies that are taken as they stand, for whoever tries the page. */
export const eventsBodyExamples = {
  event: { summary: 'One event', value: call },
  events: {
    summary: 'Several events',
    value: { events: [call, { ...call, id: 'hello-3', tags: ['trial'] }] },
  },
  affordai: {
    summary: "AffordAI's event, with the token of an application",
    value: {
      appId: 'your-application-id',
      eventType: 'text_gen',
      consumerId: 'user@example.com',
      inputTokens: 500,
      inputTokensCached: 100,
      outputTokens: 300,
    },
  },
};

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
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...(jsonSchemas() as object) },
  };
  SwaggerModule.setup('docs', app, document);
}
