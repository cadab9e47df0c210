import { TEXT, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const endpointDisabled: EventType = {
  type: 'endpoint.disabled',
  summary: "A webhook endpoint gets nothing any more; this goes to the project's other endpoints.",
  schema: {
    type: 'object',
    required: ['endpoint', 'url', 'reason', 'failing_since', 'disabled_at'],
    properties: {
      endpoint: { ...TEXT, description: 'The id of the endpoint.' },
      url: { ...TEXT, description: 'Its host: the rest may be a secret.' },
      reason: {
        enum: ['gone', 'failing'],
        description: '`gone`: it answered 410. `failing`: for five days no attempt succeeded.',
      },
      failing_since: { ...TIME, type: ['string', 'null'] },
      disabled_at: TIME,
    },
  },
  example: {
    endpoint: 'whe_2mRc6YtB9fJx0QwN',
    url: 'https://hooks.example.com',
    reason: 'failing',
    failing_since: '2026-11-09T08:00:00.000Z',
    disabled_at: '2026-11-14T09:26:53.120Z',
  },
};
