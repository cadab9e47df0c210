import { TEXT, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const usageQuarantined: EventType = {
  type: 'usage.quarantined',
  summary: 'Accepted usage could not be read and waits in quarantine for a replay.',
  schema: {
    type: 'object',
    required: ['reason', 'detail', 'source', 'event_id', 'quarantined_at'],
    properties: {
      reason: {
        ...TEXT,
        description: 'not_json, unknown_schema, invalid_envelope, invalid_event.',
      },
      detail: { type: 'string', description: 'What is wrong with the first such item.' },
      source: { type: ['string', 'null'] },
      event_id: {
        type: ['string', 'null'],
        description: 'Of the first such item, where it has one.',
      },
      quarantined_at: TIME,
    },
  },
  example: {
    reason: 'invalid_event',
    detail: 'modell is unknown',
    source: 'api',
    event_id: 'evt_02',
    quarantined_at: '2026-11-14T09:26:54.000Z',
  },
};
