/** What is read here: connections, questions, locks, the rows' types. What changes the database is in `writes.ts`. */
export {
  type AlertFilters,
  AlertHistory,
  isAlertRecorded,
  type RecordedAlert,
} from './alert-history.js';
export type { AlertPosition, AlertSlice } from './alert-retention-writes.js';
export { type AlertMute, AlertMutes } from './alert-mutes.js';
export type { NewAlert } from './alert-outbox.js';
export {
  type AnomalyFilter,
  AnomalyMarks,
  type FoundMark,
  type JudgedDays,
  type ListedMark,
} from './anomaly-marks.js';
export { AnomalySettingsStore } from './anomaly-settings.js';
export { type ApiKey, ApiKeys, type KeyGrant } from './api-keys.js';
export { type Application, Applications } from './applications.js';
export { BilledParties, type BilledParty, type BilledProject } from './billed-parties.js';
export { BillingLock } from './billing-lock.js';
export { type BudgetChange, Budgets, type NewBudget, type StoredBudget } from './budgets.js';
export { type Customer, type CustomerChange, Customers } from './customers.js';
export { DatabaseSettings } from './database-settings.js';
export { OwnerDatabaseSettings, rolePasswords } from './owner-database-settings.js';
export { APP_ROLES, type AppRole, roleNameOf } from './roles/app-roles.js';
export { SEQUENCE_GRANTS, TABLE_GRANTS } from './roles/grants.js';
export { roleUrl } from './roles/role-url.js';
export { connectPostgres, type Database, inTransaction, type Postgres } from './database.js';
export {
  type AttemptRecord,
  Deliveries,
  type Delivery,
  type DeliveryAttempt,
  type Room,
} from './deliveries.js';
export { CONFIRMATION_TYPE } from './confirmation-type.js';
export { type DueDelivery } from './due-delivery.js';
export { type DeliveryState } from './tables/deliveries.js';
export { type Channel, type SigningSecret } from './tables/webhook-endpoints.js';
export type { SavedAnswer } from './idempotent-answers.js';
export { type Erasure, Erasures } from './erasures.js';
export type { CallPosition } from './erasure-writes.js';
export { type FrozenInvoice, type InvoicePlan, Invoices } from './invoices.js';
export { type ListPosition, type ListRequest } from './list-position.js';
export {
  type Ownership,
  type PartitionKey,
  PartitionOwnership,
  type Plan,
  readStoredPositions,
  type Stored,
  type StoredPosition,
} from './partition-ownership.js';
export {
  LIMIT_DEFAULTS,
  LIMITED_KINDS,
  type LimitedKind,
  limitsInForce,
  type ProjectLimits,
} from './limit-defaults.js';
export { LimitedThings } from './limited-things.js';
export { type OwnRateLimits, RateLimits } from './rate-limits.js';
export { type Project, Projects } from './projects.js';
export { type RateChange, Rates, type StoredRate } from './rates.js';
export type { SetAsideAlert } from './set-aside-alert-writes.js';
export { StoringLock } from './storing-lock.js';
export type { StripeWrite } from './stripe-writes.js';
export { isPostgresOutage } from './is-postgres-outage.js';
export {
  type WebhookEndpoint,
  type WebhookEndpointChange,
  WebhookEndpoints,
} from './webhook-endpoints.js';
export { readWatchChanges, type WatchChanges } from './watch-changes.js';
export { JobLock } from './job-lock.js';
export {
  lastAlertSequence,
  lastWatchAlerts,
  type WatchAlert,
  watchAlertsAfter,
} from './watch-alerts.js';
export { type OpenBreach, OpenBreaches } from './open-breaches.js';
export { ManagedThings } from './managed-things.js';
export { type ManagingCall, ManagingCalls } from './managing-calls.js';
