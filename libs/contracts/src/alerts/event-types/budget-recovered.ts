import { BUDGET_DATA, BUDGET_EXAMPLE } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const budgetRecovered: EventType = {
  type: 'budget.recovered',
  summary: 'A breached counter is below its limit again: a new window began, or the limit rose.',
  schema: {
    type: 'object',
    required: [...Object.keys(BUDGET_DATA), 'cause'],
    properties: {
      ...BUDGET_DATA,
      cause: { enum: ['window', 'limit'], description: 'A new window, or another limit.' },
    },
  },
  example: { ...BUDGET_EXAMPLE, limit: '150', value: '100.0125', cause: 'limit' },
};
