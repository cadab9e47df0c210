-- Sums a UTC day with the customer: what dashboards of customers and previews of bills read.
CREATE TABLE IF NOT EXISTS usage_per_day
(
    project                 LowCardinality(String),
    day                     Date,
    customer                Nullable(String),
    application             LowCardinality(Nullable(String)),
    provider                LowCardinality(Nullable(String)),
    model                   LowCardinality(Nullable(String)),
    type                    LowCardinality(String),
    events                  SimpleAggregateFunction(sum, UInt64),
    requests                SimpleAggregateFunction(sum, UInt64),
    input_tokens            SimpleAggregateFunction(sum, UInt64),
    cache_read_tokens       SimpleAggregateFunction(sum, UInt64),
    cache_write_tokens      SimpleAggregateFunction(sum, UInt64),
    output_tokens           SimpleAggregateFunction(sum, UInt64),
    output_reasoning_tokens SimpleAggregateFunction(sum, UInt64),
    cost                    SimpleAggregateFunction(sum, Decimal(38, 12)),
    unpriced_events         SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (project, day, customer, application, provider, model, type)
SETTINGS allow_nullable_key = 1, non_replicated_deduplication_window = 20000;

CREATE MATERIALIZED VIEW IF NOT EXISTS usage_per_day_mv TO usage_per_day AS
SELECT
    project, toDate(event_time, 'UTC') AS day, customer, application, provider, model, type,
    count() AS events,
    sum(usage_raw.requests) AS requests,
    sum(usage_raw.input_tokens) AS input_tokens,
    sum(usage_raw.cache_read_tokens) AS cache_read_tokens,
    sum(usage_raw.cache_write_tokens) AS cache_write_tokens,
    sum(usage_raw.output_tokens) AS output_tokens,
    sum(usage_raw.output_reasoning_tokens) AS output_reasoning_tokens,
    sum(usage_raw.cost) AS cost,
    countIf(cost_state = 'unpriced') AS unpriced_events
FROM usage_raw
GROUP BY project, day, customer, application, provider, model, type;
