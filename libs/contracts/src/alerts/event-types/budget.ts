import { AMOUNT, BUDGET_DATA, BUDGET_EXAMPLE, TIME } from '../data-schemas.js';
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
