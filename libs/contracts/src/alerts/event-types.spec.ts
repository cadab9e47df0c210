import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { EventType } from './event-type.js';
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

  const PROPERTIES = EVENT_TYPES.flatMap((eventType) =>
    Object.keys(eventType.example).map((name) => [eventType.type, name, eventType] as const),
  );
  const fits = ({ schema, example }: EventType, change: object) =>
    ajv.validate(schema, { ...example, ...change });

  it.each(PROPERTIES)('%s: its %s is held to a form', (_, name, eventType) => {
    // None of them is a list, and nothing but a counter an object.
    expect(fits(eventType, { [name]: [] })).toBe(false);
    expect(fits(eventType, { [name]: { a: 1 } })).toBe(false);
    expect(fits(eventType, { [name]: undefined })).toBe(false);
  });

  const TIMES = PROPERTIES.filter(([, name]) => /(_at|_since|_time|_start|_end)$/.test(name));
  it.each(TIMES)('%s: its %s is a time in UTC', (_, name, eventType) => {
    const times = ['2026-11-14T09:26:53Z', '2026-11-14', '2026-11-14T09:26:53+01:00', 'now'];
    const taken = times.filter((time) => fits(eventType, { [name]: time }));
    expect(taken).toEqual(['2026-11-14T09:26:53Z']);
  });

  const AMOUNTS = PROPERTIES.filter(([, name]) =>
    ['limit', 'value', 'expected', 'deviation', 'projected_value'].includes(name),
  );
  it.each(AMOUNTS)('%s: its %s is a decimal', (_, name, eventType) => {
    const taken = ['0', '-1.5', '1e3', '.5', '1,5', 'much'].filter((amount) =>
      fits(eventType, { [name]: amount }),
    );
    expect(taken).toEqual(['0', '-1.5']);
  });

  it.each([
    ['anomaly.detected', 'dimension', ['customer', 'model'], ['user', '']],
    ['anomaly.detected', 'direction', ['high', 'low'], ['wide', '']],
    ['budget.recovered', 'cause', ['window', 'limit'], ['luck', '']],
    ['budget.threshold_reached', 'threshold', ['80%', '33.5%', '7.25'], ['most', '-1', '%']],
    ['budget.breached', 'window_start', [null], [7, '']],
    ['budget.breached', 'window_end', [null], [7, '']],
    ['budget.breached', 'reminder', [true, false], ['yes', null]],
    ['endpoint.disabled', 'reason', ['gone', 'failing'], ['dull', '']],
    ['endpoint.disabled', 'failing_since', [null], [7]],
    ['model.unpriced', 'provider', [null, 'openai'], [7]],
    ['model.unpriced', 'model', [null, 'gpt-4o'], [7]],
    ['usage.quarantined', 'source', [null, 'api'], [7]],
    ['usage.quarantined', 'event_id', [null, 'e1'], [7]],
    ['rate.exceeded', 'over_seconds', [1, 60], [0, 0.5, '60']],
    ['rate.exceeded', 'counter', [{}, { tag: 'x' }], [{ tag: 1 }, null]],
  ])('%s: its %s may be one of %j and not of %j', (type, name, taken, refused) => {
    const eventType = EVENT_TYPES.find((each) => each.type === type)!;
    const values: unknown[] = [...taken, ...refused];
    expect(values.filter((value) => fits(eventType, { [name]: value }))).toEqual(taken);
  });

  it.each(EVENT_TYPES)('$type says in sentences what it is', ({ summary, schema, example }) => {
    const described = JSON.stringify(schema).match(/"description":"[^"]*"/g) ?? [];
    for (const text of [`"${summary}"`, ...described]) expect(text).toMatch(/[\w`][^"]+\."$/);
    // An example that leaves something empty explains nothing.
    expect(Object.values(example)).not.toContain('');
  });

  it('show in the examples of a budget and of a rate a counter of each kind', () => {
    const counters = EVENT_TYPES.flatMap(({ example }) => example['counter'] ?? []);
    expect(counters).toContainEqual({ customer: 'acme' });
    expect(counters).toContainEqual({});
  });

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
