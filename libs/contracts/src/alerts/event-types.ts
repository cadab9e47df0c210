import type { EventType } from './event-type.js';
import { anomalyDetected } from './event-types/anomaly-detected.js';
import {
  budgetBreached,
  budgetProjectedOverrun,
  budgetRecovered,
  budgetThresholdReached,
} from './event-types/budget.js';
import { endpointDisabled } from './event-types/endpoint-disabled.js';
import { modelUnpriced } from './event-types/model-unpriced.js';
import { rateExceeded, rateRecovered } from './event-types/rate.js';
import { budgetSetAside, rateSetAside } from './event-types/set-aside.js';
import { usageQuarantined } from './event-types/usage-quarantined.js';

/** Every type of event that is sent, one file a family. A new one is its schema there and its line here. */
export const EVENT_TYPES: readonly EventType[] = [
  budgetThresholdReached,
  budgetBreached,
  budgetRecovered,
  budgetProjectedOverrun,
  budgetSetAside,
  rateExceeded,
  rateRecovered,
  rateSetAside,
  anomalyDetected,
  modelUnpriced,
  usageQuarantined,
  endpointDisabled,
];

/** Whether a filter of an endpoint (an exact type, `family.*` or `*`) lets a type through. */
export function matchesEventType(filter: string, type: string): boolean {
  if (filter === '*' || filter === type) return true;
  return filter.endsWith('.*') && type.startsWith(filter.slice(0, -1));
}

/** Whether a filter is one that some type of today can pass. */
export function isEventFilter(filter: string): boolean {
  return EVENT_TYPES.some(({ type }) => matchesEventType(filter, type));
}
