import { IntersectionType } from '@nestjs/swagger';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { NamedProjectDto } from './key.dto.js';

export class ListKeysQueryDto extends IntersectionType(ListQueryDto, NamedProjectDto) {}
