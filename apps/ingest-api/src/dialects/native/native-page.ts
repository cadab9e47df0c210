import type { BodyPage } from '../../dialect.js';
import { NATIVE_WIRE } from './read-event.js';

const event = { $ref: '#/components/schemas/UsageEventDto' };

const call = {
  id: 'hello-2',
  customer: 'acme',
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1000, cache_read_tokens: 200, output_tokens: 500 },
};

export const NATIVE_PAGE: BodyPage = {
  wire: NATIVE_WIRE,
  forms: [
    event,
    {
      type: 'object',
      properties: { events: { type: 'array', items: event } },
      required: ['events'],
    },
    { type: 'array', items: event },
  ],
  examples: {
    event: { summary: 'One event', value: call },
    events: {
      summary: 'Several events',
      value: { events: [call, { ...call, id: 'hello-3', tags: ['trial'] }] },
    },
  },
};
