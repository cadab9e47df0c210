-- What a project asked to have erased. The user's id stands here only until it is done; the row's own id takes its place in usage.
CREATE TABLE erasures (
  id           text PRIMARY KEY,
  project      text NOT NULL REFERENCES projects (id),
  -- whose data: a customer, a user, or a user inside a customer
  customer     text,
  end_user     text,
  -- names of the properties that say something about them
  properties   text[] NOT NULL DEFAULT '{}',
  requested_at timestamptz NOT NULL,
  done_at      timestamptz(3),
  created_at   timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX erasures_by_project ON erasures (project, created_at DESC, id DESC);
CREATE INDEX erasures_to_do ON erasures (created_at, id) WHERE done_at IS NULL;
