import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsObject,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import {
  ANOMALY_DEFAULTS,
  ANOMALY_MEASURES,
  ANOMALY_SENSITIVITIES,
  type AnomalyMeasure,
  type AnomalySensitivity,
} from '#contracts';
import { AMOUNT_MESSAGE, AMOUNT_TEXT } from '../watches/amount-text.js';

const COUNT_TEXT = /^[1-9]\d{0,14}$/;
const COUNT_MESSAGE = '$property must be a whole count above 0, of up to 15 digits';
const MEASURES_MESSAGE = `$property must be a list of ${ANOMALY_MEASURES.join(', ')}, each once`;

const isGiven = (_: object, value: unknown): boolean => value !== undefined;

export class ChangeMinimumVolumeDto {
  @ApiPropertyOptional({ description: 'US dollars a day.' })
  @ValidateIf(isGiven)
  @Matches(AMOUNT_TEXT, { message: AMOUNT_MESSAGE })
  cost?: string;

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @Matches(COUNT_TEXT, { message: COUNT_MESSAGE })
  tokens?: string;

  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @Matches(COUNT_TEXT, { message: COUNT_MESSAGE })
  requests?: string;
}

export class ChangeAnomalySettingsDto {
  @ApiPropertyOptional()
  @ValidateIf(isGiven)
  @IsBoolean()
  enabled?: boolean;

  @ApiPropertyOptional({ enum: ANOMALY_SENSITIVITIES })
  @ValidateIf(isGiven)
  @IsIn(ANOMALY_SENSITIVITIES)
  sensitivity?: AnomalySensitivity;

  @ApiPropertyOptional({ isArray: true, enum: ANOMALY_MEASURES })
  @ValidateIf(isGiven)
  @ArrayMinSize(1, { message: MEASURES_MESSAGE })
  @ArrayUnique({ message: MEASURES_MESSAGE })
  @IsIn(ANOMALY_MEASURES, { each: true, message: MEASURES_MESSAGE })
  measures?: AnomalyMeasure[];

  @ApiPropertyOptional({ description: 'A measure that is not named keeps its own.' })
  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => ChangeMinimumVolumeDto)
  minimum_volume?: ChangeMinimumVolumeDto;
}

export class MinimumVolumeDto {
  @ApiProperty({ description: 'US dollars a day.' })
  cost!: string;

  @ApiProperty()
  tokens!: string;

  @ApiProperty()
  requests!: string;
}

export class AnomalySettingsDto {
  @ApiProperty({ default: ANOMALY_DEFAULTS.enabled })
  enabled!: boolean;

  @ApiProperty({ enum: ANOMALY_SENSITIVITIES, default: ANOMALY_DEFAULTS.sensitivity })
  sensitivity!: AnomalySensitivity;

  @ApiProperty({ isArray: true, enum: ANOMALY_MEASURES, default: ANOMALY_DEFAULTS.measures })
  measures!: AnomalyMeasure[];

  @ApiProperty({ type: MinimumVolumeDto, default: ANOMALY_DEFAULTS.minimum_volume })
  minimum_volume!: MinimumVolumeDto;
}
