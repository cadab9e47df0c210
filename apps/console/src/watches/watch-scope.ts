import { ValidateBy } from 'class-validator';
import { WATCH_DIMENSIONS, type WatchDimension } from '#contracts';

export const SCOPE_DIMENSIONS_MAX = 10;
/** Each value of each is a counter of its own. */
export const PER_DIMENSIONS_MAX = 4;

const PROPERTY = /^property\.(?!(?:__proto__|constructor|prototype)$)[^\p{Cc}\p{Cs}]{1,256}$/u;
const VALUE = /^[^\0\p{Cs}]{1,1000}$/u;
const DIMENSIONS = `${WATCH_DIMENSIONS.join(', ')} or property.<name>`;

/** A map of dimensions to the value that each must have. */
export function IsScope(): PropertyDecorator {
  return ValidateBy({
    name: 'isScope',
    validator: {
      validate: (value) => scopeProblem(value) === null,
      defaultMessage: (argument) => `$property ${scopeProblem(argument?.value) ?? ''}`,
    },
  });
}

/** A list of dimensions, each once. */
export function IsPer(): PropertyDecorator {
  return ValidateBy({
    name: 'isPer',
    validator: {
      validate: isPer,
      defaultMessage: () =>
        `$property must be a list of up to ${PER_DIMENSIONS_MAX} dimensions, each once: ${DIMENSIONS}`,
    },
  });
}

function scopeProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'must be an object of dimensions and their values';
  const entries = Object.entries(value);
  if (entries.length > SCOPE_DIMENSIONS_MAX)
    return `must have at most ${SCOPE_DIMENSIONS_MAX} dimensions`;
  const unknown = entries.find(([dimension]) => !isWatchDimension(dimension));
  if (unknown) return `has no dimension "${unknown[0].slice(0, 100)}": it is ${DIMENSIONS}`;
  const wrong = entries.find(([, text]) => typeof text !== 'string' || !VALUE.test(text));
  return wrong ? `needs a string of 1 to 1,000 characters for ${wrong[0]}` : null;
}

function isPer(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= PER_DIMENSIONS_MAX &&
    new Set(value).size === value.length &&
    value.every(isWatchDimension)
  );
}

function isWatchDimension(value: unknown): value is WatchDimension {
  if (typeof value !== 'string') return false;
  return WATCH_DIMENSIONS.some((dimension) => dimension === value) || PROPERTY.test(value);
}
