export { connectRedis, type Redis } from './connect-redis.js';
export {
  type Adoption,
  type CounterGroup,
  type CountAnswer,
  type CountCall,
  type Threshold,
  UsageCounters,
} from './usage-counters.js';
export { PendingAlerts } from './pending-alerts.js';
export { type CounterReading, readCounter, readCounters } from './read-counters.js';
