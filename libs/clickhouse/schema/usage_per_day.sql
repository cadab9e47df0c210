-- Sums a UTC day with the customer: what dashboards of customers and previews of bills read.
-- Sums are signed: a correction found by comparing with usage_raw may take away.
CREATE TABLE IF NOT EXISTS usage_per_day
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
    unpriced_events         SimpleAggregateFunction(sum, Int64),
    -- what carries `until <ms>` as its log_comment is refused when it begins later, by the server's clock
    CONSTRAINT begun_in_time CHECK NOT startsWith(getSetting('log_comment'), 'until ') OR toUnixTimestamp64Milli(now64(3)) <= toInt64OrZero(substring(getSetting('log_comment'), 7))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (project, day, customer, application, provider, model, type)
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 20000, merge_selector_base = 15;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_per_day_mv TO usage_per_day AS
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
