import type { EngineAnswer } from './engine.js';

/**
 * The value of `X-ClickHouse-Summary`: counts as decimal strings.
 *
 * The embedded engine does not tell how much a SELECT scanned, so `read_rows` and `read_bytes` of a SELECT are 0; of an insert
 * they are what it wrote. Rows written include those of materialized views.
 */
export const summaryOf = (answer: EngineAnswer): string =>
  JSON.stringify({
    read_rows: String(answer.writtenRows),
    read_bytes: String(answer.writtenBytes),
    written_rows: String(answer.writtenRows),
    written_bytes: String(answer.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(answer.resultRows),
    result_bytes: String(answer.resultBytes),
    elapsed_ns: String(Math.round(answer.elapsedSeconds * 1e9)),
  });
