-- A write to Stripe as it was intended, before it was sent: which of its idempotency keys is in use, and since when.
CREATE TABLE stripe_writes (
  name             text PRIMARY KEY,
  generation       int NOT NULL DEFAULT 0,
  first_attempt_at timestamptz NOT NULL DEFAULT now()
);

-- What a customer is billed for a period: frozen when first billed, and never changed by later usage or another markup.
CREATE TABLE invoices (
  id                text PRIMARY KEY,
  project           text NOT NULL REFERENCES projects (id),
  customer          text NOT NULL,
  -- a calendar month in UTC: 2026-11
  period            text NOT NULL,
  markup            text NOT NULL,
  -- how far each partition was stored when the totals were read: everything up to there is in the invoice
  stored_to         jsonb NOT NULL,
  frozen_at         timestamptz NOT NULL DEFAULT now(),
  stripe_invoice_id text UNIQUE,
  finalized_at      timestamptz,
  -- one invoice for a customer and period, whoever bills and however often
  UNIQUE (project, customer, period)
);
CREATE INDEX invoices_by_period ON invoices (project, period);

-- Exact beside billed: charge = cost * markup = amount_cents / 100 + remainder.
CREATE TABLE invoice_lines (
  invoice      text NOT NULL REFERENCES invoices (id),
  line_key     text NOT NULL,
  position     int NOT NULL,
  provider     text,
  model        text,
  description  text NOT NULL,
  events       bigint NOT NULL,
  cost         numeric(38, 12) NOT NULL,
  charge       numeric(76, 24) NOT NULL,
  amount_cents bigint NOT NULL,
  remainder    numeric(76, 24) NOT NULL GENERATED ALWAYS AS (charge - amount_cents * 0.01) STORED,
  PRIMARY KEY (invoice, line_key)
);
