import {
  compareRollups,
  connectClickHouse,
  countInsertsUnderWay,
  cutComparison,
  findRepeated,
  InsertDeadlines,
  storedDays,
} from '#clickhouse';
import { correctRollups, removeRepeated } from '#clickhouse/writes';
import { Clock, ConfigError, createLogger, loadConfig } from '#platform';
import { connectPostgres, StoringLock } from '#postgres';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { RollupAudit } from './storing/rollup-audit.js';
import { RollupsSink } from './storing/rollups.sink.js';

/**
 * `npm run audit`: holds the raw rows against their identities and every rollup against the raw rows, over everything stored, and
 * corrects what differs.
 * Exit status 1 when it had to correct: that is an alarm, although all is right afterwards.
 */
async function auditEverything(config: AggregatorConfig): Promise<number> {
  const clickhouse = connectClickHouse(config.clickhouse);
  const postgres = connectPostgres(config.database.url);
  try {
    const days = await storedDays(clickhouse);
    if (days.length === 0) {
      process.stdout.write('Nothing is stored yet.\n');
      return 0;
    }
    const sink = new RollupsSink(
      {
        removeRepeated: (slices, identities) => removeRepeated(clickhouse, slices, identities),
        correctRollups: (slices, untilMs) => correctRollups(clickhouse, slices, untilMs),
      },
      new AggregatorMetrics(),
      createLogger('audit', 'silent'),
    );
    const deadlines = new InsertDeadlines(clickhouse);
    const reads: ConstructorParameters<typeof RollupAudit>[0] = {
      lock: new StoringLock(postgres),
      store: {
        insertUntilMs: () => deadlines.next(),
        insertsUnderWay: () => countInsertsUnderWay(clickhouse),
        cutComparison: (slices) => cutComparison(clickhouse, slices),
        compareRollups: (slices) => compareRollups(clickhouse, slices),
        findRepeated: (slices) => findRepeated(clickhouse, slices),
      },
    };
    const rollups = new RollupAudit(reads, sink, new Clock());
    const { repeatedRows, differences } = await rollups.audit(days);
    for (const { table, slice, missing } of differences) {
      process.stdout.write(
        `${table} ${JSON.stringify(slice)} lacked ${JSON.stringify(missing)}: corrected\n`,
      );
    }
    process.stdout.write(
      `${days.at(0)} to ${days.at(-1)}: ${repeatedRows} repeated rows taken out, ${differences.length} slices corrected\n`,
    );
    return repeatedRows + differences.length === 0 ? 0 : 1;
  } finally {
    await clickhouse.close();
    await postgres.destroy();
  }
}

try {
  process.exitCode = await auditEverything(loadConfig(AggregatorConfig));
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
