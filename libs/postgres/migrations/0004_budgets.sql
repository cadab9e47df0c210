-- Every change of a budget or rate takes the next number; who polls asks for what lies above the last one seen.
CREATE SEQUENCE watch_changes;

CREATE TABLE budgets (
  id               text PRIMARY KEY,
  project          text NOT NULL REFERENCES projects (id),
  name             text NOT NULL,
  measure          text NOT NULL,
  scope            jsonb NOT NULL,
  per              text[] NOT NULL,
  limit_amount     text NOT NULL,
  budget_window    jsonb NOT NULL,
  thresholds       text[] NOT NULL,
  hard             boolean NOT NULL DEFAULT false,
  projected        boolean NOT NULL DEFAULT false,
  suspended        boolean NOT NULL DEFAULT false,
  raise            jsonb,
  renotify_seconds int,
  arming           int NOT NULL DEFAULT 3,
  armed_at         timestamptz(3) NOT NULL DEFAULT now(),
  change           bigint NOT NULL DEFAULT nextval('watch_changes'),
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at       timestamptz
);
CREATE INDEX budgets_by_project ON budgets (project, created_at DESC, id DESC);
CREATE INDEX budgets_by_change ON budgets (change);

CREATE TABLE rates (
  id             text PRIMARY KEY,
  project        text NOT NULL REFERENCES projects (id),
  name           text NOT NULL,
  measure        text NOT NULL,
  scope          jsonb NOT NULL,
  per            text[] NOT NULL,
  over_seconds   int NOT NULL,
  limit_amount   text,
  change_percent double precision,
  events_min     int NOT NULL DEFAULT 1,
  change         bigint NOT NULL DEFAULT nextval('watch_changes'),
  created_at     timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at     timestamptz
);
CREATE INDEX rates_by_project ON rates (project, created_at DESC, id DESC);
CREATE INDEX rates_by_change ON rates (change);
