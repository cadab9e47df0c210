import { RATE_DATA, RATE_EXAMPLE } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const rateRecovered: EventType = {
  type: 'rate.recovered',
  summary: 'A rate that was exceeded is below its bound again.',
  schema: { type: 'object', required: Object.keys(RATE_DATA), properties: RATE_DATA },
  example: { ...RATE_EXAMPLE, value: '1.2' },
};
