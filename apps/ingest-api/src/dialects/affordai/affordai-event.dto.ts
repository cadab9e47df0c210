import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { ID_TEXT, SHORT_TEXT, WHOLE_NUMBER_MAX } from '../../dto/text-limits.js';

/** An event as AffordAI's clients send it: no model, no time. Model and time zone are the application's. */
export class AffordaiEventDto {
  @Matches(ID_TEXT, { message: '$property must be the id of your application' })
  appId!: string;

  @IsIn(['text_gen'])
  eventType!: 'text_gen';

  @IsOptional()
  @Matches(SHORT_TEXT, { message: '$property must be a string of up to 256 characters, or null' })
  consumerId?: string;

  @IsInt()
  @Min(0)
  @Max(WHOLE_NUMBER_MAX)
  inputTokens!: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(WHOLE_NUMBER_MAX)
  inputTokensCached?: number;

  @IsInt()
  @Min(0)
  @Max(WHOLE_NUMBER_MAX)
  outputTokens!: number;
}
