/** Schemas that the data of several event types share. Receivers must ignore properties that they do not know. */
export const TEXT = { type: 'string', minLength: 1 } as const;

export const TIME = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$',
  description: 'RFC 3339, UTC.',
} as const;

export const AMOUNT = {
  type: 'string',
  pattern: '^-?\\d+(\\.\\d+)?$',
  description: "A decimal string in the measure's unit: US dollars for cost, else a count.",
} as const;

export const COUNTER_KEY = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'The values that tell this counter from the others of its `per`; empty without one.',
} as const;

/** What every event about one counter of a budget says. */
export const BUDGET_DATA = {
  budget: { ...TEXT, description: 'The id of the budget.' },
  name: TEXT,
  on: { ...TEXT, description: 'What is counted: cost, tokens, requests, ...' },
  counter: COUNTER_KEY,
  limit: { ...AMOUNT, description: 'The limit in force, a temporary raise included.' },
  value: { ...AMOUNT, description: 'What the counter held behind the event that crossed.' },
  window_start: {
    ...TIME,
    type: ['string', 'null'],
    description: 'Null for a lifetime or rolling budget.',
  },
  window_end: {
    ...TIME,
    type: ['string', 'null'],
    description: 'Exclusive. Null for a lifetime or rolling budget.',
  },
} as const;

export const BUDGET_EXAMPLE = {
  budget: 'bud_4fKq1TzY0aWm8LxC',
  name: 'Acme, monthly',
  on: 'cost',
  counter: { customer: 'acme' },
  limit: '100',
  window_start: '2026-11-01T00:00:00.000Z',
  window_end: '2026-12-01T00:00:00.000Z',
} as const;

/** What every event about one counter of a rate says. */
export const RATE_DATA = {
  rate: { ...TEXT, description: 'The id of the rate.' },
  name: TEXT,
  on: { ...TEXT, description: 'What is watched: cost, requests, errors, latency_p95, ...' },
  counter: COUNTER_KEY,
  over_seconds: { type: 'integer', minimum: 1, description: 'The sliding span.' },
  limit: { ...AMOUNT, description: 'The bound in force, also where it came from earlier days.' },
  value: { ...AMOUNT, description: 'The rate over the span.' },
  event_time: { ...TIME, description: 'The time of the event that decided.' },
} as const;

export const RATE_EXAMPLE = {
  rate: 'rat_9sPz3KdQ7bVn2HgT',
  name: 'Spend a minute',
  on: 'cost',
  counter: {},
  over_seconds: 60,
  limit: '5',
  event_time: '2026-11-14T09:26:53.120Z',
} as const;
