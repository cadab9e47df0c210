import { AMOUNT, TEXT, TIME } from '../data-schemas.js';
import type { EventType } from '../event-type.js';

export const anomalyDetected: EventType = {
  type: 'anomaly.detected',
  summary: 'The usage of one customer or one model on a day is far from what its past lets expect.',
  schema: {
    type: 'object',
    required: [
      'dimension',
      'subject',
      'on',
      'direction',
      'value',
      'expected',
      'deviation',
      'score',
      'window_start',
      'window_end',
      'explanation',
    ],
    properties: {
      dimension: { enum: ['customer', 'model'] },
      subject: { ...TEXT, description: 'The customer or the model.' },
      on: { ...TEXT, description: 'What was measured: cost, tokens, requests.' },
      direction: { enum: ['high', 'low'] },
      value: { ...AMOUNT, description: 'What was measured.' },
      expected: { ...AMOUNT, description: 'The median of the same weekday in the weeks before.' },
      deviation: { ...AMOUNT, description: 'How far a usual day lies above that.' },
      score: {
        type: 'number',
        description: 'How many such deviations lie between the two, on a logarithmic scale.',
      },
      window_start: TIME,
      window_end: { ...TIME, description: 'Exclusive.' },
      explanation: { ...TEXT, description: 'The same numbers in one sentence, for a person.' },
    },
  },
  example: {
    dimension: 'customer',
    subject: 'acme',
    on: 'cost',
    direction: 'high',
    value: '412.8',
    expected: '58.1',
    deviation: '6.4',
    score: 18.93,
    window_start: '2026-11-13T00:00:00.000Z',
    window_end: '2026-11-14T00:00:00.000Z',
    explanation:
      'acme cost $412.8 on Friday 2026-11-13; the median of the 6 Fridays before is $58.1 with a usual deviation of $6.4: 18.9 deviations too high.',
  },
};
