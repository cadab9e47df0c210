export { timeZoneNamed } from './time-zone-named.js';
export { WindowFinder } from './window-finder.js';
export {
  bucketMsOf,
  BUCKETS_AHEAD,
  BUCKETS_OF_A_SPAN,
  type TimeWindow,
  windowOf,
} from './window-of.js';
