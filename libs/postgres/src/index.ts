export { type ApiKey, ApiKeys, type KeyGrant } from './api-keys.js';
export { type Application, Applications } from './applications.js';
export { type Customer, type CustomerChange, Customers } from './customers.js';
export { connectPostgres, type Database, type Postgres } from './database.js';
export { type ListPosition, type ListRequest } from './list-position.js';
export { migratePostgres, MigrationRefused } from './migrate.js';
export {
  type Ownership,
  PartitionOwnership,
  type PartitionKey,
  type Plan,
  type Stored,
} from './partition-ownership.js';
export { type Project, Projects } from './projects.js';
export { StoringLock } from './storing-lock.js';
