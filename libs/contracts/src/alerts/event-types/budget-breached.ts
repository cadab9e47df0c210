import { BUDGET_DATA, BUDGET_EXAMPLE, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const budgetBreached: EventType = {
  type: 'budget.breached',
  summary: 'A counter of a budget reached its limit, or still is above it when a reminder is due.',
  schema: {
    type: 'object',
    required: [...Object.keys(BUDGET_DATA), 'threshold', 'event_time', 'reminder'],
    properties: {
      ...BUDGET_DATA,
      threshold: { type: 'string', description: 'As the budget has it; `100%` is its limit.' },
      event_time: TIME,
      reminder: { type: 'boolean', description: 'True for what `renotify_seconds` asks for.' },
    },
  },
  example: {
    ...BUDGET_EXAMPLE,
    value: '100.0125',
    threshold: '100%',
    event_time: '2026-11-21T17:03:10.004Z',
    reminder: false,
  },
};
