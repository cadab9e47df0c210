CREATE TABLE webhook_endpoints (
  id               text PRIMARY KEY,
  project          text NOT NULL REFERENCES projects (id),
  -- webhook, slack or email
  channel          text NOT NULL DEFAULT 'webhook',
  url              text NOT NULL,
  events           text[] NOT NULL,
  description      text,
  -- the live signing secrets, newest first: two while one is being rotated out. Signing needs them as they are.
  secrets          jsonb NOT NULL,
  disabled_at      timestamptz,
  disabled_reason  text,
  -- the first failure since the last success
  failing_since    timestamptz,
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at       timestamptz
);
CREATE INDEX webhook_endpoints_by_project ON webhook_endpoints (project, created_at DESC, id DESC);

-- The history of alerts. The id is made from what happened, so an alert that is raised again is here already. No
-- reference to projects: an alert of a project that is not here must not hold up those behind it.
CREATE TABLE alerts (
  id              text PRIMARY KEY,
  project         text NOT NULL,
  type            text NOT NULL,
  data            jsonb NOT NULL,
  -- sent to try an endpoint: nothing happened, so it is no part of the history
  test            boolean NOT NULL DEFAULT false,
  raised_at       timestamptz(3) NOT NULL,
  -- the budget or rate behind it, and what of it was crossed; null for what nobody's watch raised
  watch           text,
  counter         text,
  window_start    timestamptz(3),
  window_end      timestamptz(3),
  threshold       text,
  arming          int,
  -- recorded and sent nowhere: its watch was muted
  muted           boolean NOT NULL DEFAULT false,
  -- in the order of recording, for receivers: deliveries keep no order
  sequence        bigint GENERATED ALWAYS AS IDENTITY,
  acknowledged_at timestamptz,
  created_at      timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX alerts_by_project ON alerts (project, created_at DESC, id DESC);
-- What is recorded of sliding watches is followed as it comes.
CREATE INDEX alerts_of_sliding_watches ON alerts (sequence) WHERE watch IS NOT NULL AND window_start IS NULL;
-- A counter key may be longer than an index takes, so indexes have its hash.
CREATE INDEX alerts_by_watch ON alerts (watch, md5(counter), sequence DESC) WHERE watch IS NOT NULL;
-- When a window ends, the counters that were breached in it recover.
CREATE INDEX alerts_by_end_of_breach ON alerts (window_end) WHERE type = 'budget.breached';

-- No alert of the watch, or of one counter of it, is sent until then.
CREATE TABLE alert_mutes (
  id         text PRIMARY KEY,
  project    text NOT NULL REFERENCES projects (id),
  watch      text NOT NULL,
  -- canonical JSON of the counter key; '' for every counter
  counter    text NOT NULL DEFAULT '',
  until      timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX alert_mutes_by_counter ON alert_mutes (project, watch, md5(counter));

-- The outbox: one row for each endpoint that an alert goes to, written in one transaction with the alert.
CREATE TABLE deliveries (
  id            text PRIMARY KEY,
  project       text NOT NULL,
  alert         text NOT NULL REFERENCES alerts (id),
  endpoint      text NOT NULL REFERENCES webhook_endpoints (id),
  -- pending, delivered, failed
  state         text NOT NULL DEFAULT 'pending',
  attempts      int NOT NULL DEFAULT 0,
  -- attempts before the present run through the schedule: sent again, it begins anew
  attempts_before int NOT NULL DEFAULT 0,
  next_at       timestamptz,
  -- until then one notifier has it, by the clock of this database
  leased_until  timestamptz,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (alert, endpoint)
);
-- The delivery loop steps from endpoint to endpoint, however many rows wait for one of them.
CREATE INDEX deliveries_waiting ON deliveries (endpoint, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint, created_at DESC, id DESC);

CREATE TABLE delivery_attempts (
  delivery    text NOT NULL REFERENCES deliveries (id),
  attempt     int NOT NULL,
  endpoint    text NOT NULL,
  at          timestamptz NOT NULL,
  succeeded   boolean NOT NULL,
  -- of the answer; null when there was none
  status      int,
  -- the first bytes of the answer, or why there was none
  answer      text NOT NULL,
  duration_ms int NOT NULL,
  PRIMARY KEY (delivery, attempt)
);
CREATE INDEX delivery_attempts_by_endpoint ON delivery_attempts (endpoint, at);
