export { canonicalJson, contentHashOf } from './content-hash.js';
export { type Identity, identityOf, partitionOf } from './identity.js';
export * from './priced-envelope.js';
export * from './recorded-envelope.js';
export { TOPICS, type Topic, USAGE_PARTITIONS } from './topics.js';
export { DEFAULT_SOURCE, DEFAULT_TYPE, type UsageEvent } from './usage-event.js';
export { USAGE_FIELDS, USAGE_PARENTS, type UsageField, type UsageVector } from './usage-vector.js';
