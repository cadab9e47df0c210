import { BUDGET_EXAMPLE, RATE_EXAMPLE, TEXT } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

const REASON = { ...TEXT, description: 'What of its definition cannot be computed.' };

export const budgetSetAside: EventType = {
  type: 'budget.set_aside',
  summary:
    'A budget cannot be computed: it counts nothing and raises no other alert. Make another.',
  schema: {
    type: 'object',
    required: ['budget', 'name', 'reason'],
    properties: {
      budget: { ...TEXT, description: 'The id of the budget.' },
      name: TEXT,
      reason: REASON,
    },
  },
  example: {
    budget: BUDGET_EXAMPLE.budget,
    name: BUDGET_EXAMPLE.name,
    reason: '"IST" is no IANA time zone such as "Europe/Berlin"',
  },
};

export const rateSetAside: EventType = {
  type: 'rate.set_aside',
  summary: 'A rate cannot be computed: it counts nothing and raises no other alert. Make another.',
  schema: {
    type: 'object',
    required: ['rate', 'name', 'reason'],
    properties: {
      rate: { ...TEXT, description: 'The id of the rate.' },
      name: TEXT,
      reason: REASON,
    },
  },
  example: {
    rate: RATE_EXAMPLE.rate,
    name: RATE_EXAMPLE.name,
    reason: 'nothing is measured by "latency_p42"',
  },
};
