import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { USAGE_FIELDS } from '#contracts';
import { WHOLE_NUMBER_MAX } from '../../dto/text-limits.js';

/** The counts of an event. Its fields are those of the contract, each optional, whole and not negative. */
export class UsageVectorDto {}

/** In the order in which the language applies decorators, the lowest first: the schema's type is the last one's. */
const WHOLE_COUNT = [Max(WHOLE_NUMBER_MAX), Min(0), IsInt(), IsOptional()];

for (const field of USAGE_FIELDS) {
  for (const decorate of WHOLE_COUNT) decorate(UsageVectorDto.prototype, field);
}
