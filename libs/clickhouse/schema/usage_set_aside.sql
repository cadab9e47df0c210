-- What was decided and does not count, each with its reason: repeats, conflicts, quarantined items.
CREATE TABLE IF NOT EXISTS usage_set_aside
(
    project          LowCardinality(String),
    decided_as       Enum8('repeat' = 1, 'conflict' = 2, 'quarantined' = 3),
    source           LowCardinality(String),
    id               String,
    identity         FixedString(16),
    content          FixedString(16),
    -- for conflicts: what the event that counts had
    counted_content  FixedString(16),
    customer         Nullable(String),
    event_time       Nullable(DateTime64(3, 'UTC')),
    received_at      Nullable(DateTime64(3, 'UTC')),
    reason           LowCardinality(String),
    detail           String,
    -- the item as JSON text, or base64 of its bytes; empty for repeats
    payload          String CODEC(ZSTD(1)),
    payload_encoding LowCardinality(String),
    origin_cluster   LowCardinality(String),
    origin_partition UInt16,
    origin_offset    UInt64,
    origin_index     UInt32,
    origin_appended_at DateTime64(3, 'UTC'),
    plan_token       LowCardinality(String),
    -- what carries `until <ms>` as its log_comment is refused when it begins later, by the server's clock
    CONSTRAINT begun_in_time CHECK NOT startsWith(getSetting('log_comment'), 'until ') OR toUnixTimestamp64Milli(now64(3)) <= toInt64OrZero(substring(getSetting('log_comment'), 7))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(origin_appended_at)
ORDER BY (project, decided_as, identity, origin_partition, origin_offset, origin_index)
SETTINGS non_replicated_deduplication_window = 20000, merge_selector_base = 15;
