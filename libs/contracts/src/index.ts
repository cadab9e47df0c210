export {
  ALERT_RAISED_SCHEMA,
  alertIdOf,
  alertOfWatch,
  type AlertIdentity,
  type AlertRaised,
  type AlertSource,
} from './alerts/alert-raised.js';
export { type EventType, type ObjectSchema } from './alerts/event-type.js';
export { EVENT_TYPES, isEventFilter, matchesEventType } from './alerts/event-types.js';
export * from './anomalies.js';
export { canonicalJson, contentHashOf } from './content-hash.js';
export * from './event-fields.js';
export { type Identity, identityOf, partitionOf } from './identity.js';
export * from './priced-envelope.js';
export * from './recorded-envelope.js';
export { TOPICS, type Topic, USAGE_PARTITIONS } from './topics.js';
export * from './usage-event.js';
export { USAGE_FIELDS, USAGE_PARENTS, type UsageField, type UsageVector } from './usage-vector.js';
export * from './watches.js';
