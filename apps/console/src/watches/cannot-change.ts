import { applyDecorators } from '@nestjs/common';
import { ApiHideProperty } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';

/** A field of the created object that no later request may give: said plainly, not as an unknown name. */
export function CannotChange(why: string): PropertyDecorator {
  return applyDecorators(
    ApiHideProperty(),
    ValidateIf((_, value) => value !== undefined),
    ValidateBy({
      name: 'cannotChange',
      validator: { validate: () => false, defaultMessage: () => `$property cannot change: ${why}` },
    }),
  );
}
