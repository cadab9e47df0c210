import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsIn, IsOptional, Matches, ValidateIf } from 'class-validator';
import { type Scope, SCOPES } from '#access';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { IsMoment } from '../usage/moment.js';
import { ID_MESSAGE, ID_TEXT, NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';

const SCOPES_MESSAGE = `$property must be a list of one or more of ${SCOPES.join(', ')}, each once`;

export class CreateKeyDto {
  @ApiProperty()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  @ArrayMinSize(1, { message: SCOPES_MESSAGE })
  @ArrayUnique({ message: SCOPES_MESSAGE })
  @IsIn(SCOPES, { each: true, message: SCOPES_MESSAGE })
  scopes!: Scope[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'RFC 3339, in the future: from then on no door takes the key.',
  })
  @IsOptional()
  @IsMoment()
  expires_at?: string | null;

  @ApiPropertyOptional({ description: 'With the admin key only: the project that gets the key.' })
  @IsOptional()
  @Matches(ID_TEXT, { message: ID_MESSAGE })
  project?: string;
}

export class ChangeKeyDto {
  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name?: string;

  @ApiPropertyOptional({ enum: SCOPES, isArray: true })
  @ValidateIf((_, value) => value !== undefined)
  @ArrayMinSize(1, { message: SCOPES_MESSAGE })
  @ArrayUnique({ message: SCOPES_MESSAGE })
  @IsIn(SCOPES, { each: true, message: SCOPES_MESSAGE })
  scopes?: Scope[];
}

export class NamedProjectDto {
  @ApiPropertyOptional({
    description: 'With the admin key only: the project whose keys are meant.',
  })
  @IsOptional()
  @Matches(ID_TEXT, { message: ID_MESSAGE })
  project?: string;
}

export class KeyDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  project!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Set for the token of an application.',
  })
  application!: string | null;

  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes!: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Null: it never ends by itself.' })
  expires_at!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Up to two minutes late; null: never, or not since this is kept.',
  })
  last_used_at!: string | null;

  @ApiProperty()
  created_at!: string;
}

export class CreatedKeyDto extends KeyDto {
  @ApiProperty({ description: 'The secret: shown this once.' })
  key!: string;
}

export class ListKeysQueryDto extends IntersectionType(ListQueryDto, NamedProjectDto) {}
