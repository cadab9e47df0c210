import { ValidateBy } from 'class-validator';

const ENTRIES_MAX = 50;
const NAME = /^(?!(?:__proto__|constructor|prototype)$)[^\p{Cc}\p{Cs}]{1,256}$/u;
const TEXT = /^[^\0\p{Cs}]{0,1000}$/u;

/** A flat map of up to 50 strings (up to 1,000 characters), numbers and booleans. */
export function IsMetadata(): PropertyDecorator {
  return ValidateBy({
    name: 'isMetadata',
    validator: {
      validate: isMetadata,
      defaultMessage: () =>
        `$property must be a flat map of up to ${ENTRIES_MAX} strings of up to 1,000 characters, numbers and booleans`,
    },
  });
}

function isMetadata(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= ENTRIES_MAX &&
    entries.every(([name, entry]) => NAME.test(name) && isEntry(entry))
  );
}

function isEntry(value: unknown): boolean {
  if (typeof value === 'string') return TEXT.test(value);
  return typeof value === 'boolean' || Number.isFinite(value);
}
