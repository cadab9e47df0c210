import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, Matches, ValidateIf } from 'class-validator';
import { NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';

const PROPERTIES_MAX = 50;

export class CreateErasureDto {
  @ApiPropertyOptional({
    description: 'Whose data goes; beside `user`, the customer that the user is of.',
  })
  @ValidateIf(
    ({ user, customer }: CreateErasureDto) => user === undefined || customer !== undefined,
  )
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  customer?: string;

  @ApiPropertyOptional({ description: 'As events name the user.' })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  user?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Names of properties that go from the events of the customer or user.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PROPERTIES_MAX)
  @Matches(NAME_TEXT, { each: true, message: NAME_MESSAGE })
  properties?: string[];
}

export class ErasureDto {
  @ApiProperty({ description: 'Stands in usage in place of the id of the user.' })
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  customer!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Null from the moment that it is done.',
  })
  user!: string | null;

  @ApiProperty({ type: [String] })
  properties!: string[];

  @ApiProperty({ enum: ['under_way', 'done'] })
  state!: 'under_way' | 'done';

  @ApiProperty()
  created_at!: string;

  @ApiProperty({ type: String, nullable: true })
  done_at!: string | null;
}
