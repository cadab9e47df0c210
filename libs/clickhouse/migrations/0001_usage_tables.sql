-- The tables of usage as the first version made them; what they are for stands in schema/.
CREATE TABLE IF NOT EXISTS usage_raw ${on_cluster}
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
    properties           Map(LowCardinality(String), String),
    usage                Map(LowCardinality(String), UInt64),
    requests             UInt64,
    input_tokens         UInt64,
    cache_read_tokens    UInt64,
    cache_write_tokens   UInt64,
    output_tokens        UInt64,
    output_reasoning_tokens UInt64,
    cost_state           Enum8('priced' = 1, 'free' = 2, 'unpriced' = 3),
    cost                 Decimal(38, 12),
    cost_partial         Decimal(38, 12),
    cost_reason          LowCardinality(String),
    cost_detail          String,
    cost_lines           String CODEC(ZSTD(1)),
    price_version        LowCardinality(String),
    identity             FixedString(16),
    content              FixedString(16),
    origin_cluster       LowCardinality(String),
    origin_partition     UInt16,
    origin_offset        UInt64,
    origin_index         UInt32,
    plan_token           LowCardinality(String)
)
ENGINE = ${replicated}MergeTree
PARTITION BY toYYYYMM(event_time)
ORDER BY (project, ifNull(customer, ''), toStartOfHour(event_time), identity)
SETTINGS ${deduplication_window} = 20000;

CREATE TABLE IF NOT EXISTS usage_identities ${on_cluster}
(
    origin_partition UInt16,
    identity         FixedString(16),
    content          FixedString(16),
    project          LowCardinality(String),
    customer         Nullable(String),
    event_time       DateTime64(3, 'UTC'),
    plan_token       LowCardinality(String)
)
ENGINE = ${replicated}MergeTree
ORDER BY (origin_partition, identity)
SETTINGS index_granularity = 256, ${deduplication_window} = 20000;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_identities_mv ${on_cluster} TO usage_identities AS
SELECT origin_partition, identity, content, project, customer, event_time, plan_token
FROM usage_raw;

CREATE TABLE IF NOT EXISTS usage_per_day ${on_cluster}
(
    project                 LowCardinality(String),
    day                     Date,
    customer                Nullable(String),
    application             LowCardinality(Nullable(String)),
    provider                LowCardinality(Nullable(String)),
    model                   LowCardinality(Nullable(String)),
    type                    LowCardinality(String),
    events                  SimpleAggregateFunction(sum, Int64),
    requests                SimpleAggregateFunction(sum, Int64),
    input_tokens            SimpleAggregateFunction(sum, Int64),
    cache_read_tokens       SimpleAggregateFunction(sum, Int64),
    cache_write_tokens      SimpleAggregateFunction(sum, Int64),
    output_tokens           SimpleAggregateFunction(sum, Int64),
    output_reasoning_tokens SimpleAggregateFunction(sum, Int64),
    cost                    SimpleAggregateFunction(sum, Decimal(38, 12)),
    unpriced_events         SimpleAggregateFunction(sum, Int64)
)
ENGINE = ${replicated}AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (project, day, customer, application, provider, model, type)
SETTINGS allow_nullable_key = 1, ${deduplication_window} = 20000;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_per_day_mv ${on_cluster} TO usage_per_day AS
SELECT
    project, toDate(event_time, 'UTC') AS day, customer, application, provider, model, type,
    toInt64(count()) AS events,
    toInt64(sum(usage_raw.requests)) AS requests,
    toInt64(sum(usage_raw.input_tokens)) AS input_tokens,
    toInt64(sum(usage_raw.cache_read_tokens)) AS cache_read_tokens,
    toInt64(sum(usage_raw.cache_write_tokens)) AS cache_write_tokens,
    toInt64(sum(usage_raw.output_tokens)) AS output_tokens,
    toInt64(sum(usage_raw.output_reasoning_tokens)) AS output_reasoning_tokens,
    sum(usage_raw.cost) AS cost,
    toInt64(countIf(cost_state = 'unpriced')) AS unpriced_events
FROM usage_raw
GROUP BY project, day, customer, application, provider, model, type;

CREATE TABLE IF NOT EXISTS usage_per_hour ${on_cluster}
(
    project                 LowCardinality(String),
    hour                    DateTime('UTC'),
    application             LowCardinality(Nullable(String)),
    provider                LowCardinality(Nullable(String)),
    model                   LowCardinality(Nullable(String)),
    type                    LowCardinality(String),
    events                  SimpleAggregateFunction(sum, Int64),
    requests                SimpleAggregateFunction(sum, Int64),
    input_tokens            SimpleAggregateFunction(sum, Int64),
    cache_read_tokens       SimpleAggregateFunction(sum, Int64),
    cache_write_tokens      SimpleAggregateFunction(sum, Int64),
    output_tokens           SimpleAggregateFunction(sum, Int64),
    output_reasoning_tokens SimpleAggregateFunction(sum, Int64),
    cost                    SimpleAggregateFunction(sum, Decimal(38, 12)),
    unpriced_events         SimpleAggregateFunction(sum, Int64)
)
ENGINE = ${replicated}AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (project, hour, application, provider, model, type)
SETTINGS allow_nullable_key = 1, ${deduplication_window} = 20000;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_per_hour_mv ${on_cluster} TO usage_per_hour AS
SELECT
    project, toStartOfHour(event_time, 'UTC') AS hour, application, provider, model, type,
    toInt64(count()) AS events,
    toInt64(sum(usage_raw.requests)) AS requests,
    toInt64(sum(usage_raw.input_tokens)) AS input_tokens,
    toInt64(sum(usage_raw.cache_read_tokens)) AS cache_read_tokens,
    toInt64(sum(usage_raw.cache_write_tokens)) AS cache_write_tokens,
    toInt64(sum(usage_raw.output_tokens)) AS output_tokens,
    toInt64(sum(usage_raw.output_reasoning_tokens)) AS output_reasoning_tokens,
    sum(usage_raw.cost) AS cost,
    toInt64(countIf(cost_state = 'unpriced')) AS unpriced_events
FROM usage_raw
GROUP BY project, hour, application, provider, model, type;

CREATE TABLE IF NOT EXISTS usage_set_aside ${on_cluster}
(
    project          LowCardinality(String),
    decided_as       Enum8('repeat' = 1, 'conflict' = 2, 'quarantined' = 3),
    source           LowCardinality(String),
    id               String,
    identity         FixedString(16),
    content          FixedString(16),
    counted_content  FixedString(16),
    customer         Nullable(String),
    event_time       Nullable(DateTime64(3, 'UTC')),
    received_at      Nullable(DateTime64(3, 'UTC')),
    reason           LowCardinality(String),
    detail           String,
    payload          String CODEC(ZSTD(1)),
    payload_encoding LowCardinality(String),
    origin_cluster   LowCardinality(String),
    origin_partition UInt16,
    origin_offset    UInt64,
    origin_index     UInt32,
    origin_appended_at DateTime64(3, 'UTC'),
    plan_token       LowCardinality(String)
)
ENGINE = ${replicated}MergeTree
PARTITION BY toYYYYMM(origin_appended_at)
ORDER BY (project, decided_as, identity, origin_partition, origin_offset, origin_index)
SETTINGS ${deduplication_window} = 20000;
