import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { USAGE_FIELDS } from '#contracts';
import { AFFORDAI_WIRE } from '../dialects/affordai/read-affordai-event.js';
import { NATIVE_WIRE } from '../dialects/native/read-event.js';
import { compileCheck, knownFields, type WireSchema } from './json-schemas.js';

const awkwardText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'a'.repeat(256), 'a'.repeat(257), '😀'.repeat(256), '😀'.repeat(257)),
  fc.constantFrom(
    '\ud800',
    'a\u0000b',
    'tab\t',
    'é'.repeat(256),
    'ok',
    '1.5',
    '2026-01-01T00:00:00Z',
  ),
);
const awkwardNumber = fc.constantFrom(
  0,
  -0,
  1,
  -1,
  1.5,
  2 ** 53 - 1,
  2 ** 53,
  1e300,
  Infinity,
  NaN,
);
const awkward = fc.oneof(
  awkwardText,
  awkwardNumber,
  fc.boolean(),
  fc.array(fc.oneof(awkwardText, awkwardNumber), { maxLength: 3 }),
  fc.constantFrom([], {}, Array(50).fill('t'), Array(51).fill('t')),
  fc.dictionary(awkwardText, fc.oneof(awkwardText, awkwardNumber, fc.boolean()), { maxKeys: 4 }),
  fc.record(Object.fromEntries(USAGE_FIELDS.slice(0, 3).map((field) => [field, awkwardNumber])), {
    requiredKeys: [],
  }),
);

function agreeOn(wire: WireSchema, required: object): void {
  const dto = wire.item;
  const isValid = compileCheck<object>(wire);
  const fields = Object.fromEntries(Object.keys(knownFields(wire)).map((name) => [name, awkward]));
  fc.assert(
    fc.property(fc.record(fields, { requiredKeys: [] }), (event) => {
      const errors = validateSync(plainToInstance(dto, event), {
        whitelist: true,
        forbidNonWhitelisted: wire.unknownFields === 'refused',
      });
      expect([event, isValid(event)]).toEqual([event, errors.length === 0]);
    }),
    { numRuns: 3_000 },
  );
  // One field at a time finds what a whole event hides behind its first error.
  for (const field of Object.keys(fields)) {
    fc.assert(
      fc.property(awkward, (value) => {
        const event = { ...required, [field]: value };
        const errors = validateSync(plainToInstance(dto, event));
        const unknownInside =
          field === 'usage' &&
          Object.keys(value).some((key) => !USAGE_FIELDS.includes(key as never));
        expect([field, value, isValid(event)]).toEqual([
          field,
          value,
          errors.length === 0 && !unknownInside,
        ]);
      }),
      { numRuns: 300 },
    );
  }
}

const AFFORDAI_REQUIRED = { appId: 'a', eventType: 'text_gen', inputTokens: 1, outputTokens: 1 };

describe('the compiled schema and class-validator', () => {
  it('accept the same usage events', () => agreeOn(NATIVE_WIRE, {}));

  it('accept the same AffordAI events', () => agreeOn(AFFORDAI_WIRE, AFFORDAI_REQUIRED));

  it('know the fields of the contract and no others', () => {
    const { usage, ...plain } = knownFields(NATIVE_WIRE);
    expect(Object.keys(usage ?? {}).sort()).toEqual([...USAGE_FIELDS].sort());
    expect(Object.keys(plain)).toHaveLength(21);
  });
});
