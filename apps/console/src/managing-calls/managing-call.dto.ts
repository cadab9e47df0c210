import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { NamedProjectDto } from '../keys/key.dto.js';
import { ListQueryDto } from '../lists/list-query.dto.js';

const thing = (description: string) =>
  ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description });

export class ManagingCallDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ description: 'Id of the key that called, or `admin`.' })
  caller!: string;

  @ApiProperty({ description: '`x-request-id` of the answer.' })
  request_id!: string;

  @ApiProperty()
  method!: string;

  @ApiProperty()
  path!: string;

  @thing('What was sent, without secrets.')
  body!: unknown;

  @thing('The thing before the call, as it is stored.')
  before!: unknown;

  @thing('The thing behind the call; what was answered, where it is about none.')
  after!: unknown;

  @ApiProperty({
    type: String,
    nullable: true,
    description: '`done`, or the code of the refusal. Null: under way, or nobody could tell.',
  })
  outcome!: string | null;

  @ApiProperty()
  created_at!: string;
}

export class ListManagingCallsQueryDto extends IntersectionType(ListQueryDto, NamedProjectDto) {}
