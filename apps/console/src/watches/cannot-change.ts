import { applyDecorators } from '@nestjs/common';
import { ApiHideProperty } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';

const MESSAGE = '$property cannot change: its counters rest on it; make another';

/** A field of a watch that no later request may give: said plainly, not as an unknown name. */
export function CannotChange(): PropertyDecorator {
  return applyDecorators(
    ApiHideProperty(),
    ValidateIf((_, value) => value !== undefined),
    ValidateBy({
      name: 'cannotChange',
      validator: { validate: () => false, defaultMessage: () => MESSAGE },
    }),
  );
}
