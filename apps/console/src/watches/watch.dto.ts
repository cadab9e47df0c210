import { applyDecorators } from '@nestjs/common';
import { ApiHideProperty, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateBy, ValidateIf } from 'class-validator';
import type { Scope, WatchDimension } from '#contracts';
import { NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';
import { IsPer, IsScope } from './watch-scope.js';

const CANNOT_CHANGE_MESSAGE = '$property cannot change: its counters rest on it; make another';

/** A field of a watch that no later request may give: said plainly, not as an unknown name. */
export function CannotChange(): PropertyDecorator {
  return applyDecorators(
    ApiHideProperty(),
    ValidateIf((_, value) => value !== undefined),
    ValidateBy({
      name: 'cannotChange',
      validator: { validate: () => false, defaultMessage: () => CANNOT_CHANGE_MESSAGE },
    }),
  );
}

/** What a request to create a budget or a rate says of what it watches. */
export class CreateWatchDto {
  @ApiProperty()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name!: string;

  @ApiPropertyOptional({ type: Object, default: {}, example: { model: 'gpt-4o' } })
  @ValidateIf((_, value) => value !== undefined)
  @IsScope()
  scope?: Scope;

  @ApiPropertyOptional({
    isArray: true,
    type: String,
    default: [],
    example: ['customer'],
    description:
      'One counter for each value, up to 100,000 in a window: what lies beyond is not counted.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsPer()
  per?: WatchDimension[];
}

/** Its counters rest on what it watches: only its name can change. */
export class ChangeWatchDto {
  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name?: string;

  @CannotChange()
  on?: never;

  @CannotChange()
  scope?: never;

  @CannotChange()
  per?: never;
}

export class WatchDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: Object })
  scope!: Scope;

  @ApiProperty({ isArray: true, type: String })
  per!: WatchDimension[];

  @ApiProperty()
  created_at!: string;
}
