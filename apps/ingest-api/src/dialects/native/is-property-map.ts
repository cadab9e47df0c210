import { ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import {
  PROPERTIES_MAX,
  PROPERTY_NAME,
  PROPERTY_TEXT,
  WHOLE_NUMBER_MAX,
} from '../../dto/text-limits.js';

const SCHEMA = {
  type: 'object' as const,
  maxProperties: PROPERTIES_MAX,
  propertyNames: { type: 'string' as const, pattern: PROPERTY_NAME.source },
  additionalProperties: {
    anyOf: [
      { type: 'string' as const, pattern: PROPERTY_TEXT.source },
      { type: 'number' as const, minimum: -WHOLE_NUMBER_MAX, maximum: WHOLE_NUMBER_MAX },
      { type: 'boolean' as const },
    ],
  },
};

/** A flat map of strings, numbers and booleans. class-validator has no maps, so the schema stands beside the check. */
export function IsPropertyMap(): PropertyDecorator {
  const check = ValidateBy({
    name: 'isPropertyMap',
    validator: {
      validate: (value) => propertyMapProblem(value) === null,
      defaultMessage: (about) => `$property ${propertyMapProblem(about?.value) ?? 'is wrong'}`,
    },
  });
  return (target, property) => {
    check(target, property);
    JSONSchema(() => SCHEMA)(target, property as string);
  };
}

/** Null when right, else the rest of a sentence about the map. */
export function propertyMapProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'must be an object';
  const entries = Object.entries(value);
  if (entries.length > PROPERTIES_MAX) return `must not have more than ${PROPERTIES_MAX} entries`;
  for (const [name, entry] of entries) {
    if (!PROPERTY_NAME.test(name))
      return 'has a name that is reserved, empty, too long or not text';
    if (!isPropertyValue(entry))
      return `must hold strings of up to 1,000 characters, numbers up to 2^53-1 and booleans: "${name}" is none`;
  }
  return null;
}

function isPropertyValue(value: unknown): boolean {
  if (typeof value === 'string') return PROPERTY_TEXT.test(value);
  if (typeof value === 'number') return Math.abs(value) <= WHOLE_NUMBER_MAX;
  return typeof value === 'boolean';
}
