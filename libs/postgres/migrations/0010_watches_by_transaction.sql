-- The transaction of the last change. Numbers of change are taken before their transactions commit, so one may become
-- visible behind any number of higher ones; whoever polls asks for the transactions that it may not have seen.
ALTER TABLE budgets ADD COLUMN changed_in xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE rates ADD COLUMN changed_in xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX budgets_by_transaction ON budgets (changed_in);
CREATE INDEX rates_by_transaction ON rates (changed_in);
DROP INDEX budgets_by_change;
DROP INDEX rates_by_change;

-- Abbreviations that were taken for zones and mean the same to everybody. What stands for several zones is not translated.
UPDATE budgets
SET budget_window = jsonb_set(budget_window, '{time_zone}', to_jsonb(meant.zone)),
    change = nextval('watch_changes'), changed_in = pg_current_xact_id()
FROM (VALUES ('JST', 'Asia/Tokyo'), ('CAT', 'Africa/Maputo'), ('EAT', 'Africa/Nairobi')) AS meant (name, zone)
WHERE upper(budget_window ->> 'time_zone') = meant.name AND deleted_at IS NULL;

-- What a project had ends with it, also where it was deleted before this was so.
UPDATE budgets SET deleted_at = now(), change = nextval('watch_changes'), changed_in = pg_current_xact_id()
FROM projects WHERE projects.id = project AND projects.deleted_at IS NOT NULL AND budgets.deleted_at IS NULL;
UPDATE rates SET deleted_at = now(), change = nextval('watch_changes'), changed_in = pg_current_xact_id()
FROM projects WHERE projects.id = project AND projects.deleted_at IS NOT NULL AND rates.deleted_at IS NULL;
UPDATE webhook_endpoints SET deleted_at = now()
FROM projects WHERE projects.id = project AND projects.deleted_at IS NOT NULL AND webhook_endpoints.deleted_at IS NULL;
UPDATE deliveries SET state = 'failed', next_at = NULL
FROM webhook_endpoints WHERE webhook_endpoints.id = endpoint AND webhook_endpoints.deleted_at IS NOT NULL AND state = 'pending';
DELETE FROM alert_mutes USING projects WHERE projects.id = project AND projects.deleted_at IS NOT NULL;
