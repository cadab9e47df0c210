import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_TYPES, isEventFilter, matchesEventType } from './event-types.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });

describe('the types of events', () => {
  it.each(EVENT_TYPES.map((eventType) => [eventType.type, eventType] as const))(
    '%s has an example that fits its schema',
    (_, { schema, example }) => {
      const validate = ajv.compile(schema);
      expect([validate(example), validate.errors]).toEqual([true, null]);
    },
  );

  it.each(EVENT_TYPES.map((eventType) => [eventType.type, eventType] as const))(
    '%s requires each property that it describes',
    (_, { schema, example }) => {
      expect([...schema.required].sort()).toEqual(Object.keys(schema.properties).sort());
      expect(Object.keys(example).sort()).toEqual(Object.keys(schema.properties).sort());
    },
  );

  it('are the twelve of the contract, each once', () => {
    expect(EVENT_TYPES.map(({ type }) => type).sort()).toEqual([
      'anomaly.detected',
      'budget.breached',
      'budget.projected_overrun',
      'budget.recovered',
      'budget.set_aside',
      'budget.threshold_reached',
      'endpoint.disabled',
      'model.unpriced',
      'rate.exceeded',
      'rate.recovered',
      'rate.set_aside',
      'usage.quarantined',
    ]);
  });
});

describe('a filter', () => {
  it.each([
    ['*', true],
    ['budget.*', true],
    ['budget.breached', true],
    ['budget.recovered', false],
    ['rate.*', false],
    ['bud*', false],
    ['budget', false],
  ])('%s lets budget.breached through: %s', (filter, passes) => {
    expect(matchesEventType(filter, 'budget.breached')).toBe(passes);
  });

  it('is refused when nothing can pass it', () => {
    expect(['*', 'rate.*', 'model.unpriced'].map(isEventFilter)).toEqual([true, true, true]);
    expect(['', '.*', 'budgets.*', 'budget.*.*', 'b%'].map(isEventFilter)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
