export { limitsOf, LimitSettings } from './limit-settings.js';
export { LimitSharing, type Share, type SharedUse } from './limit-sharing.js';
export {
  type Amounts,
  LIMIT_NAMES,
  type LimitName,
  type Limits,
  type Quotas,
  quotasOf,
  type UseKind,
  WINDOW_SECONDS,
} from './quotas.js';
export { rateLimitHeaders } from './rate-limit-headers.js';
export {
  type Account,
  type Caller,
  RateLimiter,
  type SharedStanding,
  type Standing,
} from './rate-limiter.js';
