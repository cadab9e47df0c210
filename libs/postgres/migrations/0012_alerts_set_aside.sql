-- Alerts that can never be raised: too large for the log, or not readable where they waited. Kept for whoever looks into it.
CREATE TABLE alerts_set_aside (
  -- hash of project and content: set aside again, it is the same
  id         text PRIMARY KEY,
  project    text NOT NULL,
  reason     text NOT NULL,
  -- as it stood
  content    bytea NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX alerts_set_aside_by_age ON alerts_set_aside (created_at);
