-- Every usage event that counts, once. Bills and exact windows are read from here.
-- A row knows where it came from (origin_*), which plan stored it (plan_token) and what its caller sent (content).
CREATE TABLE IF NOT EXISTS usage_raw
(
    project              LowCardinality(String),
    customer             Nullable(String),
    event_time           DateTime64(3, 'UTC'),
    source               LowCardinality(String),
    id                   String,
    type                 LowCardinality(String),
    api_key              LowCardinality(String),
    received_at          DateTime64(3, 'UTC'),
    user                 Nullable(String),
    application          LowCardinality(Nullable(String)),
    conversation         Nullable(String),
    job                  Nullable(String),
    purpose              LowCardinality(Nullable(String)),
    provider             LowCardinality(Nullable(String)),
    model                LowCardinality(Nullable(String)),
    service_tier         LowCardinality(Nullable(String)),
    batch                Nullable(Bool),
    region               LowCardinality(Nullable(String)),
    status               LowCardinality(Nullable(String)),
    latency_ms           Nullable(Float64),
    provider_response_id Nullable(String),
    provider_cost        Nullable(String),
    tags                 Array(LowCardinality(String)),
    -- JSON values as text, so that numbers, booleans and strings stay apart
    properties           Map(LowCardinality(String), String),
    -- the vector as it was sent: a key that is missing was not reported
    usage                Map(LowCardinality(String), UInt64),
    requests             UInt64,
    input_tokens         UInt64,
    cache_read_tokens    UInt64,
    cache_write_tokens   UInt64,
    output_tokens        UInt64,
    output_reasoning_tokens UInt64,
    cost_state           Enum8('priced' = 1, 'free' = 2, 'unpriced' = 3),
    -- US dollars, exact; 0 unless priced
    cost                 Decimal(38, 12),
    -- what could be priced of an unpriced event; never summed into cost
    cost_partial         Decimal(38, 12),
    cost_reason          LowCardinality(String),
    cost_detail          String,
    -- the working of the price as JSON
    cost_lines           String CODEC(ZSTD(1)),
    price_version        LowCardinality(String),
    identity             FixedString(16),
    content              FixedString(16),
    origin_cluster       LowCardinality(String),
    origin_partition     UInt16,
    origin_offset        UInt64,
    origin_index         UInt32,
    plan_token           LowCardinality(String),
    -- what carries `until <ms>` as its log_comment is refused when it begins later, by the server's clock
    CONSTRAINT begun_in_time CHECK NOT startsWith(getSetting('log_comment'), 'until ') OR toUnixTimestamp64Milli(now64(3)) <= toInt64OrZero(substring(getSetting('log_comment'), 7))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(event_time)
ORDER BY (project, ifNull(customer, ''), toStartOfHour(event_time), identity)
SETTINGS non_replicated_deduplication_window = 20000, merge_selector_base = 15;
