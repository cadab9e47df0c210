import { IsInt, Max, Min } from 'class-validator';
import type { Limits } from './quotas.js';

const MIB = 1024 * 1024;
const PER_SECOND_MAX = 1_000_000_000;

const PerSecond = (): PropertyDecorator => (target, property) => {
  for (const decorate of [Max(PER_SECOND_MAX), Min(1), IsInt()]) decorate(target, property);
};

/** The limits of projects for which the owner of the installation set no others: `LIMITS_...` of a process that keeps this as `limits`. */
export class LimitSettings {
  @PerSecond()
  requestsPerSecond = 5_000;

  @PerSecond()
  eventsPerSecond = 100_000;

  @PerSecond()
  bytesPerSecond = 64 * MIB;

  @PerSecond()
  keyRequestsPerSecond = 5_000;

  @PerSecond()
  keyEventsPerSecond = 100_000;

  @PerSecond()
  keyBytesPerSecond = 64 * MIB;
}

export function limitsOf(settings: LimitSettings): Limits {
  return {
    requests_per_second: settings.requestsPerSecond,
    events_per_second: settings.eventsPerSecond,
    bytes_per_second: settings.bytesPerSecond,
    key_requests_per_second: settings.keyRequestsPerSecond,
    key_events_per_second: settings.keyEventsPerSecond,
    key_bytes_per_second: settings.keyBytesPerSecond,
  };
}
