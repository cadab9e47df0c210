-- Who changed what through the console. Written before the call does anything, and again with what came of it.
CREATE TABLE managing_calls (
  id         text PRIMARY KEY,
  -- the project that it was about; null where it was about none, or about one that was not there yet
  project    text,
  -- id of the API key, or `admin`
  caller     text NOT NULL,
  request_id text NOT NULL,
  method     text NOT NULL,
  path       text NOT NULL,
  -- what was sent, and the thing before and behind the call: secrets left out, and a mark where it was too large
  body       jsonb,
  before     jsonb,
  after      jsonb,
  -- `done`, or the code of the refusal; null while it is under way, and for ever when nobody could write what came of it
  outcome    text,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX managing_calls_by_project ON managing_calls (project, created_at DESC, id DESC);
