import type { BodyPage, Dialect } from '../../dialect.js';
import { answerError } from '../../steps/answer-error.js';
import type { Reading } from '../../steps/reading.js';
import { answerResults } from './answer-results.js';
import { NATIVE_WIRE, readEvent } from './read-event.js';
import { scanEvents } from './scan-events.js';

const event = { $ref: '#/components/schemas/UsageEventDto' };

const call = {
  id: 'hello-2',
  customer: 'acme',
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1000, cache_read_tokens: 200, output_tokens: 500 },
};

const page: BodyPage = {
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

/** The native API: one event, a list, `{"events": [...]}`, or lines. It takes what no other dialect recognises. */
export const NATIVE: Dialect = {
  scan: scanEvents,
  read: ({ items }) => readEach(items),
  answer: answerResults,
  refuse: answerError,
  page,
};

function* readEach(items: readonly unknown[]): Iterable<Reading> {
  for (const item of items) yield readEvent(item);
}
