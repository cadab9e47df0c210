CREATE TABLE webhook_endpoints (
  id               text PRIMARY KEY,
  project          text NOT NULL REFERENCES projects (id),
  -- webhook, slack or email
  channel          text NOT NULL DEFAULT 'webhook',
  url              text NOT NULL,
  events           text[] NOT NULL,
  description      text,
  -- the live signing secrets, newest first: two while one is being rotated out
  secrets          jsonb NOT NULL,
  disabled_at      timestamptz,
  disabled_reason  text,
  failing_since    timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  deleted_at       timestamptz
);
CREATE INDEX webhook_endpoints_by_project ON webhook_endpoints (project, created_at DESC, id);

-- The history of alerts. The id is made from what happened, so an alert that is raised again is here already.
CREATE TABLE alerts (
  id              text PRIMARY KEY,
  project         text NOT NULL REFERENCES projects (id),
  type            text NOT NULL,
  data            jsonb NOT NULL,
  raised_at       timestamptz NOT NULL,
  acknowledged_at timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alerts_by_project ON alerts (project, created_at DESC, id);

-- The outbox: one row for each endpoint that an alert goes to, written in one transaction with the alert.
CREATE TABLE deliveries (
  id            text PRIMARY KEY,
  project       text NOT NULL,
  alert         text NOT NULL REFERENCES alerts (id),
  endpoint      text NOT NULL REFERENCES webhook_endpoints (id),
  -- pending, delivered, failed
  state         text NOT NULL DEFAULT 'pending',
  attempts      int NOT NULL DEFAULT 0,
  next_at       timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (alert, endpoint)
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint, created_at DESC, id);

CREATE TABLE delivery_attempts (
  delivery    text NOT NULL REFERENCES deliveries (id),
  attempt     int NOT NULL,
  at          timestamptz NOT NULL,
  status      int,
  -- the first bytes of the answer, or why there was none
  answer      text NOT NULL,
  duration_ms int NOT NULL,
  PRIMARY KEY (delivery, attempt)
);
