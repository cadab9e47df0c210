import { TEXT, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const modelUnpriced: EventType = {
  type: 'model.unpriced',
  summary: 'Usage of a model has no price: it is counted, and its cost is missing from every sum.',
  schema: {
    type: 'object',
    required: ['provider', 'model', 'reason', 'source', 'event_id', 'event_time'],
    properties: {
      provider: { type: ['string', 'null'], description: 'As the event named it.' },
      model: { type: ['string', 'null'], description: 'As the event named it.' },
      reason: { ...TEXT, description: 'Why there is no price: unknown_model, no_variant, ...' },
      source: { ...TEXT, description: 'The source of the first such event.' },
      event_id: { ...TEXT, description: 'The id of the first such event.' },
      event_time: TIME,
    },
  },
  example: {
    provider: 'openai',
    model: 'gpt-7-preview',
    reason: 'unknown_model',
    source: 'api',
    event_id: 'evt_01',
    event_time: '2026-11-14T09:26:53.120Z',
  },
};
