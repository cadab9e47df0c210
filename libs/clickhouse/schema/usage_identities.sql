-- Which identities have been counted, and where their rows lie in usage_raw.
-- Sorted by hash inside a Kafka partition: random, time-ordered and sequential ids cost the same to look up,
-- and the owner of a partition reads back its own range alone. A hash does not compress, and whoever looks one up
-- reads a granule of 256 rows: 4096 bytes.
CREATE TABLE IF NOT EXISTS usage_identities
(
    origin_partition UInt16,
    identity         FixedString(16) CODEC(NONE) SETTINGS (min_compress_block_size = 4096, max_compress_block_size = 4096),
    content          FixedString(16),
    project          LowCardinality(String),
    customer         Nullable(String),
    event_time       DateTime64(3, 'UTC'),
    plan_token       LowCardinality(String)
)
ENGINE = MergeTree
ORDER BY (origin_partition, identity)
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 20000, merge_selector_base = 15;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_identities_mv TO usage_identities AS
SELECT origin_partition, identity, content, project, customer, event_time, plan_token
FROM usage_raw;
