export { connectRedis, pingRedis, type Redis, serversOf, untilConnected } from './connect-redis.js';
export { evictionTrouble } from './eviction-trouble.js';
export { RedisSettings } from './redis-settings.js';
export { CounterMarks } from './counter-marks.js';
export type {
  Adoption,
  CounterGroup,
  CounterRecheck,
  CounterStep,
  CountAnswer,
  CountCall,
} from './counter-writes.js';
export { decodePendingAlert, type PendingAlert } from './pending-alert.js';
export { PendingAlerts } from './pending-alerts.js';
export type { SlidingCheck, Threshold } from './sliding-check.js';
export { type SlidingCounter, SlidingStates } from './sliding-states.js';
export type { KnownState } from './sliding-state-writes.js';
export { type CounterSum, noSum } from './counter-sum.js';
export { type CounterSumsRequest, readCounterSums, scanCounterKeys } from './read-counter-sums.js';
export { isRedisOutage } from './is-redis-outage.js';
export { readBaselineBound, readSlidingState, type SlidingState } from './read-sliding-state.js';
