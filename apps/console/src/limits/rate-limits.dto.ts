import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Limits } from '#limits';

const PER_SECOND_MAX = 1_000_000_000;

/** A whole number, or null for the default of the installation. */
const PerSecond = () =>
  applyDecorators(
    ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: PER_SECOND_MAX }),
    IsOptional(),
    IsInt(),
    Min(1),
    Max(PER_SECOND_MAX),
  );

/** What a project and each of its keys may send a second, over windows of ten seconds. */
export class RateLimitsDto implements Partial<Record<keyof Limits, number | null>> {
  @PerSecond()
  requests_per_second?: number | null;

  @PerSecond()
  events_per_second?: number | null;

  @PerSecond()
  bytes_per_second?: number | null;

  @PerSecond()
  key_requests_per_second?: number | null;

  @PerSecond()
  key_events_per_second?: number | null;

  @PerSecond()
  key_bytes_per_second?: number | null;
}
