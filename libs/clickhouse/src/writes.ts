/** What changes the database. In an app only a sink is given any of it. */
export { endPayloads } from './end-payloads.js';
export { insertIdentities } from './identity-rows.js';
export { eraseFromUsage, type ErasedSubject } from './usage-erasure.js';
export { migrateClickHouse } from './migrate.js';
export { SchemaRefused } from './migration-records.js';
export { removeRepeated } from './repeated-rows-removal.js';
export { correctRollups } from './rollup-correction.js';
export { insertUsageRaw } from './usage-raw.js';
export { insertUsageSetAside } from './usage-set-aside.js';
