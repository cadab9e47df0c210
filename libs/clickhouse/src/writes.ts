/** What changes the database. In an app only a sink is given any of it. */
export { endPayloads } from './end-payloads.js';
export { insertIdentities } from './identity-rows.js';
export { migrateClickHouse } from './migrate.js';
export { SchemaRefused } from './migration-records.js';
export { correctRollups } from './rollup-comparison.js';
export { insertUsageRaw } from './usage-raw.js';
export { insertUsageSetAside } from './usage-set-aside.js';
