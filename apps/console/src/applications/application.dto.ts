import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches, ValidateIf } from 'class-validator';
import { IsTimeZone } from '../is-time-zone.js';
import { ID_MESSAGE, ID_TEXT, NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';

export class CreateApplicationDto {
  @ApiPropertyOptional({ description: 'Made when not given.' })
  @IsOptional()
  @Matches(ID_TEXT, { message: ID_MESSAGE })
  id?: string;

  @ApiProperty()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name!: string;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  provider?: string | null;

  @ApiProperty()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  model!: string;

  @ApiPropertyOptional({ default: 'UTC' })
  @IsOptional()
  @IsTimeZone()
  time_zone?: string;
}

export class ChangeApplicationDto {
  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name?: string;

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  provider?: string | null;

  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  model?: string;

  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @IsTimeZone()
  time_zone?: string;
}

export class ApplicationDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  provider!: string | null;

  @ApiProperty()
  model!: string;

  @ApiProperty()
  time_zone!: string;

  @ApiProperty()
  created_at!: string;
}

export class CreatedApplicationDto extends ApplicationDto {
  @ApiProperty({ description: 'An ingest key bound to the application: shown this once.' })
  token!: string;
}
