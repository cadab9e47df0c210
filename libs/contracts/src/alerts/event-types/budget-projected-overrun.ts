import { AMOUNT, BUDGET_DATA, BUDGET_EXAMPLE, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const budgetProjectedOverrun: EventType = {
  type: 'budget.projected_overrun',
  summary: 'On its present pace a counter of a budget with `projected` will pass its limit.',
  schema: {
    type: 'object',
    required: [...Object.keys(BUDGET_DATA), 'projected_value', 'exhausted_at'],
    properties: {
      ...BUDGET_DATA,
      projected_value: {
        ...AMOUNT,
        description: "What the counter will hold at the window's end.",
      },
      exhausted_at: { ...TIME, description: 'When the limit will be reached.' },
    },
  },
  example: {
    ...BUDGET_EXAMPLE,
    value: '62.4',
    projected_value: '133.71',
    exhausted_at: '2026-11-22T10:00:00.000Z',
  },
};
