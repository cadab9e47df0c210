-- What ends is looked for from the oldest on.
CREATE INDEX managing_calls_by_age ON managing_calls (created_at, id);
