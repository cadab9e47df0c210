import type { Database } from '../database.js';
import type { AppRole } from './app-roles.js';

/** What an app may do with a table or a sequence, in the words of GRANT; of an app that is not named, nothing. */
type Grants = Partial<Record<AppRole, string>>;

/**
 * The whole of what the apps may do, and the only place that says so. Every table has its line, or the build fails. Who migrates
 * owns the tables: apps alter none, and what was kept for law, `invoices` and their lines, none of them removes.
 */
export const TABLE_GRANTS: Record<keyof Database, Grants> = {
  projects: {
    'ingest-api': 'SELECT',
    aggregator: 'SELECT',
    console: 'SELECT, INSERT, UPDATE',
    billing: 'SELECT',
  },
  project_rate_limits: { 'ingest-api': 'SELECT', console: 'SELECT, INSERT, UPDATE' },
  applications: { 'ingest-api': 'SELECT', console: 'SELECT, INSERT, UPDATE' },
  api_keys: { 'ingest-api': 'SELECT, UPDATE (last_used_at)', console: 'SELECT, INSERT, UPDATE' },
  customers: {
    aggregator: 'INSERT (project, id)',
    console: 'SELECT, INSERT, UPDATE',
    billing: 'SELECT, INSERT (project, id, stripe_customer_id), UPDATE (stripe_customer_id)',
  },
  idempotent_answers: { console: 'SELECT, INSERT, DELETE' },
  managing_calls: { console: 'SELECT, INSERT, UPDATE, DELETE' },
  erasures: { console: 'SELECT, INSERT, UPDATE' },
  partition_ownership: {
    aggregator: 'SELECT, INSERT, UPDATE',
    console: 'SELECT',
    billing: 'SELECT',
  },
  invoices: { billing: 'SELECT, INSERT, UPDATE (stripe_invoice_id, finalized_at)' },
  invoice_lines: { billing: 'SELECT, INSERT' },
  stripe_writes: { billing: 'SELECT, INSERT, UPDATE' },
  budgets: { aggregator: 'SELECT', notifier: 'SELECT', console: 'SELECT, INSERT, UPDATE' },
  rates: { aggregator: 'SELECT', notifier: 'SELECT', console: 'SELECT, INSERT, UPDATE' },
  webhook_endpoints: {
    notifier: 'SELECT, UPDATE (disabled_at, disabled_reason, failing_since)',
    console: 'SELECT, INSERT, UPDATE',
  },
  alerts: {
    aggregator: 'SELECT',
    notifier: 'SELECT, INSERT, DELETE',
    console: 'SELECT, INSERT, UPDATE (acknowledged_at)',
  },
  alert_mutes: { notifier: 'SELECT', console: 'SELECT, INSERT, UPDATE, DELETE' },
  alerts_set_aside: { aggregator: 'INSERT', notifier: 'SELECT (id, created_at), DELETE' },
  deliveries: {
    notifier: 'SELECT, INSERT, UPDATE, DELETE',
    console: 'SELECT, INSERT, UPDATE',
  },
  delivery_attempts: { notifier: 'SELECT, INSERT, DELETE', console: 'SELECT' },
  anomalies: { aggregator: 'SELECT, INSERT, UPDATE, DELETE', console: 'SELECT' },
  anomaly_settings: { aggregator: 'SELECT', console: 'SELECT, INSERT, UPDATE' },
};

export const SEQUENCE_GRANTS: Record<string, Grants> = {
  watch_changes: { console: 'USAGE' },
};
