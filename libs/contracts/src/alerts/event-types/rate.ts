import { RATE_DATA, RATE_EXAMPLE } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const rateExceeded: EventType = {
  type: 'rate.exceeded',
  summary: 'A rate over its sliding span reached its bound.',
  schema: { type: 'object', required: Object.keys(RATE_DATA), properties: RATE_DATA },
  example: { ...RATE_EXAMPLE, value: '5.0325' },
};

export const rateRecovered: EventType = {
  type: 'rate.recovered',
  summary: 'A rate that was exceeded is below its bound again.',
  schema: { type: 'object', required: Object.keys(RATE_DATA), properties: RATE_DATA },
  example: { ...RATE_EXAMPLE, value: '1.2' },
};
