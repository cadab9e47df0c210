-- How a project's anomalies are looked for; without a row, the defaults of the code hold.
CREATE TABLE anomaly_settings (
  project        text PRIMARY KEY REFERENCES projects (id),
  enabled        boolean NOT NULL,
  -- low, medium or high
  sensitivity    text NOT NULL,
  measures       text[] NOT NULL,
  -- decimal strings by measure
  minimum_volume jsonb NOT NULL
);

-- Days that are far from what their past lets expect. The id is made of project, dimension, subject, day, measure and
-- direction, so a day is marked once; late usage moves the numbers, or takes the mark away.
CREATE TABLE anomalies (
  id          text PRIMARY KEY,
  project     text NOT NULL,
  -- customer or model
  dimension   text NOT NULL,
  subject     text NOT NULL,
  -- UTC
  day         date NOT NULL,
  -- cost, tokens or requests
  measure     text NOT NULL,
  -- high or low
  direction   text NOT NULL,
  -- decimal strings in the measure's unit
  value       text NOT NULL,
  expected    text NOT NULL,
  deviation   text NOT NULL,
  score       double precision NOT NULL,
  explanation text NOT NULL,
  -- the alert as it was when the day was marked: raised again after a crash, it is still the same
  alert       jsonb NOT NULL,
  raised      boolean NOT NULL DEFAULT false,
  created_at  timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX anomalies_by_project ON anomalies (project, created_at DESC, id DESC);
-- Whether a customer's day is marked: what exports of days ask.
CREATE INDEX anomalies_by_day ON anomalies (project, dimension, day, subject);
CREATE INDEX anomalies_to_raise ON anomalies (created_at, id) WHERE NOT raised;
