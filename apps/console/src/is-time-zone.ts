import { ValidateBy } from 'class-validator';
import { timeZoneNamed } from '#windows';

/** A zone that windows can be computed in. */
export function IsTimeZone(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: (value) => typeof value === 'string' && timeZoneNamed(value) !== null,
      defaultMessage: () => '$property must be an IANA time zone such as "Europe/Berlin"',
    },
  });
}
