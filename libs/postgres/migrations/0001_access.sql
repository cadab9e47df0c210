-- Times that lists are ordered by have milliseconds, so that a cursor made from one finds its place again.
CREATE TABLE projects (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  -- what a customer is charged is cost times markup; a decimal string, exact
  markup     text NOT NULL DEFAULT '1',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX projects_by_age ON projects (created_at DESC, id DESC);

-- Ids are a project's own: two projects may give the same one.
CREATE TABLE applications (
  project    text NOT NULL REFERENCES projects (id),
  id         text NOT NULL,
  name       text NOT NULL,
  provider   text,
  model      text NOT NULL,
  time_zone  text NOT NULL DEFAULT 'UTC',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (project, id)
);
CREATE INDEX applications_by_age ON applications (project, created_at DESC, id DESC);

CREATE TABLE api_keys (
  id          text PRIMARY KEY,
  project     text NOT NULL REFERENCES projects (id),
  -- set for an application's token: an ingest key bound to that application
  application text,
  name        text NOT NULL,
  scopes      text[] NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  created_at  timestamptz(3) NOT NULL DEFAULT now(),
  revoked_at  timestamptz,
  -- moves with everything that a door may have remembered about the key: doors ask what changed lately
  changed_at  timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (project, application) REFERENCES applications (project, id)
);
CREATE INDEX api_keys_by_age ON api_keys (project, created_at DESC, id DESC);
CREATE INDEX api_keys_by_application ON api_keys (project, application);
CREATE INDEX api_keys_by_change ON api_keys (changed_at);

CREATE TABLE customers (
  project            text NOT NULL REFERENCES projects (id),
  id                 text NOT NULL,
  name               text,
  email              text,
  metadata           jsonb NOT NULL DEFAULT '{}',
  stripe_customer_id text,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at         timestamptz,
  PRIMARY KEY (project, id)
);
CREATE INDEX customers_by_age ON customers (project, created_at DESC, id DESC);

-- The answer of a creating call, for its Idempotency-Key. It may show a secret that is shown once, so it is kept
-- encrypted under the key that the caller presented, which is stored nowhere.
CREATE TABLE idempotent_answers (
  -- id of the API key that called, or `admin`
  caller       text NOT NULL,
  key          text NOT NULL,
  request_hash text NOT NULL,
  status       int NOT NULL,
  sealed_body  bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, key)
);
CREATE INDEX idempotent_answers_by_age ON idempotent_answers (created_at);
