import { BUDGET_DATA, BUDGET_EXAMPLE, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

const THRESHOLD = {
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?%?$',
  description: 'As the budget has it: a share of the limit (`80%`) or an amount.',
};

export const budgetThresholdReached: EventType = {
  type: 'budget.threshold_reached',
  summary: 'A counter of a budget reached a threshold below its limit.',
  schema: {
    type: 'object',
    required: [...Object.keys(BUDGET_DATA), 'threshold', 'event_time'],
    properties: { ...BUDGET_DATA, threshold: THRESHOLD, event_time: TIME },
  },
  example: {
    ...BUDGET_EXAMPLE,
    value: '80.00675',
    threshold: '80%',
    event_time: '2026-11-14T09:26:53.120Z',
  },
};
