import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, IsOptional, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { ChangeLimitsDto, LimitsDto } from '../limits/limit.dto.js';
import { ID_MESSAGE, ID_TEXT, MARKUP_TEXT, NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';

const MARKUP_MESSAGE =
  '$property must be a decimal string such as "1.25", not negative, with up to 12 digits after the point';

export class CreateProjectDto {
  @ApiPropertyOptional({ description: 'Made when not given.' })
  @IsOptional()
  @Matches(ID_TEXT, { message: ID_MESSAGE })
  id?: string;

  @ApiProperty()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name!: string;

  @ApiPropertyOptional({
    description: 'What customers are charged is cost times markup.',
    default: '1',
  })
  @IsOptional()
  @Matches(MARKUP_TEXT, { message: MARKUP_MESSAGE })
  markup?: string;
}

export class ChangeProjectDto {
  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  name?: string;

  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(MARKUP_TEXT, { message: MARKUP_MESSAGE })
  markup?: string;

  @ApiPropertyOptional({ type: ChangeLimitsDto })
  @ValidateIf((_, value) => value !== undefined)
  @ValidateNested()
  @IsObject()
  @Type(() => ChangeLimitsDto)
  limits?: ChangeLimitsDto;
}

export class ProjectDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  markup!: string;

  @ApiProperty({ type: LimitsDto, description: 'How much the project may have of each.' })
  limits!: LimitsDto;

  @ApiProperty()
  created_at!: string;
}
