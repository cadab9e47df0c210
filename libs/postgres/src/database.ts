import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { AlertMutesTable, AlertsSetAsideTable, AlertsTable } from './tables/alerts.js';
import type { AnomaliesTable, AnomalySettingsTable } from './tables/anomalies.js';
import type { DeliveriesTable, DeliveryAttemptsTable } from './tables/deliveries.js';
import type { ErasuresTable } from './tables/erasures.js';
import type { IdempotentAnswersTable } from './tables/idempotent-answers.js';
import type { InvoiceLinesTable, InvoicesTable, StripeWritesTable } from './tables/invoices.js';
import type { ManagingCallsTable } from './tables/managing-calls.js';
import type { PartitionOwnershipTable } from './tables/partition-ownership.js';
import type {
  ApiKeysTable,
  ApplicationsTable,
  CustomersTable,
  RateLimitsTable,
  ProjectsTable,
} from './tables/projects.js';
import type { BudgetsTable, RatesTable } from './tables/watches.js';
import type { WebhookEndpointsTable } from './tables/webhook-endpoints.js';

/** The tables; their rows' types are in `tables/`, their queries in the files beside this one. */
export interface Database {
  projects: ProjectsTable;
  project_rate_limits: RateLimitsTable;
  applications: ApplicationsTable;
  api_keys: ApiKeysTable;
  customers: CustomersTable;
  idempotent_answers: IdempotentAnswersTable;
  managing_calls: ManagingCallsTable;
  erasures: ErasuresTable;
  partition_ownership: PartitionOwnershipTable;
  invoices: InvoicesTable;
  invoice_lines: InvoiceLinesTable;
  stripe_writes: StripeWritesTable;
  budgets: BudgetsTable;
  rates: RatesTable;
  webhook_endpoints: WebhookEndpointsTable;
  alerts: AlertsTable;
  alert_mutes: AlertMutesTable;
  alerts_set_aside: AlertsSetAsideTable;
  anomalies: AnomaliesTable;
  anomaly_settings: AnomalySettingsTable;
  deliveries: DeliveriesTable;
  delivery_attempts: DeliveryAttemptsTable;
}

export type Postgres = Kysely<Database>;

const CONNECT_TIMEOUT_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * A pool of connections. Every statement has a time limit on both sides; a query that fails for want of a server throws.
 * `int8` columns are read as `bigint`.
 */
export function connectPostgres(databaseUrl: string, connectionsMax = 8): Postgres {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, BigInt);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    types,
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // So would one that breaks between two statements of a transaction, or while a lock is held. Its next statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** Runs `work` in a transaction of its own, or as part of the one that `postgres` already is. */
export function inTransaction<T>(
  postgres: Postgres,
  work: (transaction: Postgres) => Promise<T>,
): Promise<T> {
  return postgres.isTransaction ? work(postgres) : postgres.transaction().execute(work);
}
