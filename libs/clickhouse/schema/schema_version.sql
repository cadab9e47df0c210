-- Tells code from before the migrations that it is too old; nothing else reads it.
CREATE TABLE IF NOT EXISTS schema_version
(
    version UInt32
)
ENGINE = MergeTree
ORDER BY version;
