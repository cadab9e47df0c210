/** What is read here: connections, questions, the rows' types. What changes the database is in `writes.ts`. */
export { type BilledUsage, sumBilledUsage } from './billed-usage.js';
export { type ClickHouseAddress, type ClickHouseClient, connectClickHouse } from './client.js';
export { ClickHouseSettings } from './clickhouse-settings.js';
export {
  type PlanExtent,
  type PositionText,
  rawPositions,
  setAsidePositions,
} from './plan-rows.js';
export { type ComparedSlices, cutComparison, type DaySlices } from './compared-slices.js';
export { InsertDeadlines } from './insert-deadlines.js';
export type { InsertTokens } from './insert-row-binary.js';
export { findRepeated } from './repeated-rows.js';
export { compareRollups, type RollupDifference } from './rollup-comparison.js';
export { countInsertsUnderWay, storedDays } from './before-comparison.js';
export { findIdentities, type IdentityPage, readIdentityPage } from './usage-identities.js';
export type { UsageRow } from './usage-raw.js';
export type { SetAsideRow } from './usage-set-aside.js';
export {
  planUsageRead,
  type TimeRange,
  USAGE_DIMENSIONS,
  type UsageDimension,
} from './plan-usage-read.js';
export { queryUsage, usageExtent, type UsageGroup, type UsageSums } from './usage-query.js';
export type { UsagePosition, UsageQuery } from './usage-statement.js';
export {
  type DailyUsage,
  type DailyUsageQuery,
  readDailyUsage,
  type SubjectUsage,
} from './daily-usage.js';
export { findEvent, type StoredEvent } from './event-lookup.js';
export { payloadsToEnd } from './set-aside-payloads.js';
export {
  countSetAside,
  findQuarantined,
  findQuarantinedById,
  listSetAside,
  type SetAsideCounts,
  type SetAsideItem,
  type SetAsideList,
  type SetAsidePosition,
} from './set-aside-query.js';
export type { EventSlice } from './event-slice.js';
export { isClickHouseOutage, isQueryTooLarge } from './is-clickhouse-outage.js';
export { type PlacedSum, streamUsage, sumUsage, type UsageSum } from './usage-sums.js';
export type { UsageSumAsked } from './usage-sums-asked.js';
export { type SlidingSum, type SlidingSumAsked, streamSliding } from './sliding-sums.js';
export {
  type HourOfUsage,
  readUsageExtents,
  readUsageHours,
  USAGE_HOURS_MAX,
  type UsageExtent,
} from './usage-extents.js';
export { readUsualHours, type UsualHour } from './usual-hours.js';
