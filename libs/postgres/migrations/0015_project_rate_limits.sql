-- What the owner of the installation set for a project instead of the default limits.
CREATE TABLE project_rate_limits (
  project text PRIMARY KEY REFERENCES projects (id),
  -- whole numbers by the names of the limits, such as events_per_second; a name that is absent has its default
  limits  jsonb NOT NULL
);
