import { ValidateBy } from 'class-validator';
import { readMoment } from './read-moment.js';

/** A time as `readMoment` takes it. */
export function IsMoment(): PropertyDecorator {
  return ValidateBy({
    name: 'isMoment',
    validator: {
      validate: (value) => typeof value === 'string' && readMoment(value) !== null,
      defaultMessage: () => '$property must be an RFC 3339 time between 1970 and 2100',
    },
  });
}
