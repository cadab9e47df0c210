export { connectPostgres, type Database, type Postgres } from './database.js';
export { migratePostgres, MigrationRefused } from './migrate.js';
export {
  type Ownership,
  PartitionOwnership,
  type PartitionKey,
  type Plan,
  type Stored,
} from './partition-ownership.js';
export { StoringLock } from './storing-lock.js';
