import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, ValidateBy } from 'class-validator';

const VALUE_LENGTH_MAX = 1_000;

/** An id or a value that is compared, never looked at. PostgreSQL takes no NUL. */
export function ComparedText(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional(),
    IsOptional(),
    IsString(),
    MaxLength(VALUE_LENGTH_MAX),
    ValidateBy({
      name: 'isComparedText',
      validator: {
        validate: (value) => typeof value !== 'string' || !value.includes('\0'),
        defaultMessage: () => '$property must not contain NUL',
      },
    }),
  );
}
