import { Injectable } from '@nestjs/common';
import { canonicalJson, USAGE_PARTITIONS } from '#contracts';
import { decimalFromLevel, decimalFromUnits, type Meter } from '#meters';
import { Clock } from '#platform';
import type { StoredRate } from '#postgres';
import { noSum, readBaselineBound, readCounterSums, readSlidingState, type Redis } from '#redis';
import { type CompiledRate, compileIfSound, compileRate, countedSpan } from '#watches';
import { Engines } from '../engines/engines.js';
import { FreshnessService } from '../freshness/freshness.service.js';
import type { StandingRateDto } from './rate-standing.dto.js';
import { showRate } from './rates.service.js';

const THE_ONE_COUNTER = canonicalJson({});
const HOUR_MS = 3_600_000;

const NOTHING = { exceeded_since: null, value: null, events: null, as_of: null };
const NO_DATA = { ...NOTHING, state: 'no_data' } as const;

/** Where rates stand, as Redis has it: whether one is exceeded was judged there, at most half a second ago. */
@Injectable()
export class RateStandingsService {
  constructor(
    private readonly engines: Engines,
    private readonly freshness: FreshnessService,
    private readonly clock: Clock,
  ) {}

  async ofRate(rate: StoredRate): Promise<StandingRateDto> {
    const times = { created_at: rate.created_at.toISOString(), deleted_at: null };
    const compiled = compileIfSound(() => compileRate({ ...rate, ...times }));
    if ('refused' in compiled)
      return Object.assign(showRate(rate), NO_DATA, {
        limit_in_force: rate.limit,
        set_aside: compiled.refused,
      });
    const shown = Object.assign(showRate(rate), { set_aside: null });
    if (rate.per.length > 0)
      return Object.assign(shown, NOTHING, { state: null, limit_in_force: rate.limit });
    // Before the counters are read: what it says is in them.
    const asOf = await this.freshness.freshTo();
    const nowMs = this.clock.now();
    const read = await this.engines.redis((redis) => readRate(redis, compiled, nowMs));
    const limit_in_force = rate.limit ?? (read && boundText(compiled.meter, read.bound));
    if (read?.sum == null) return Object.assign(shown, NO_DATA, { limit_in_force });
    const { sum, state } = read;
    const isExceeded = state !== null && state.reached.length > 0;
    return Object.assign(shown, {
      state: isExceeded
        ? ('exceeded' as const)
        : limit_in_force === null
          ? ('no_data' as const)
          : ('ok' as const),
      exceeded_since: isExceeded ? state.since : null,
      value: compiled.meter.aggregation.measure(sum, compiled.meter.unit),
      events: sum.events,
      limit_in_force,
      as_of: asOf,
    });
  }
}

async function readRate(redis: Redis, compiled: CompiledRate, nowMs: number) {
  const { rate, definition } = compiled;
  const { project, id } = rate;
  const { windowStarts } = countedSpan(compiled, nowMs);
  const request = { project, definition, windowStarts, partitions: USAGE_PARTITIONS };
  const key = THE_ONE_COUNTER;
  const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const [sums, state, bound] = await Promise.all([
    readCounterSums(redis, request, [key]),
    readSlidingState(redis, { project, watchId: id, key }),
    rate.limit === null ? readBaselineBound(redis, { project, definition, hourMs, key }) : null,
  ]);
  return { sum: sums && (sums.get(key) ?? noSum()), state, bound };
}

function boundText({ unit }: Meter, bound: bigint | number | null): string | null {
  if (bound === null) return null;
  return typeof bound === 'number' ? decimalFromLevel(bound) : decimalFromUnits(bound, unit);
}
