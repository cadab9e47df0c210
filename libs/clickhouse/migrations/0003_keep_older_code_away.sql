-- Code from before the migrations knows version 1 and refuses any other: what migrations have changed is not for it.
CREATE TABLE IF NOT EXISTS schema_version ${on_cluster} (version UInt32) ENGINE = ${replicated}MergeTree ORDER BY version;
INSERT INTO schema_version SELECT 2 WHERE 2 NOT IN (SELECT version FROM schema_version);
