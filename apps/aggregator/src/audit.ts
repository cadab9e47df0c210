import { connectClickHouse, countInsertsUnderWay, storedDays } from '#clickhouse';
import { correctRollups } from '#clickhouse/writes';
import { Clock, ConfigError, createLogger, loadConfig } from '#platform';
import { connectPostgres, StoringLock } from '#postgres';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { RollupAudit } from './storing/rollup-audit.js';
import { RollupsSink } from './storing/rollups.sink.js';

/**
 * `npm run audit`: compares every rollup with the raw rows, over everything stored, and corrects what differs.
 * Exit status 1 when it had to correct: that is an alarm, although all is right afterwards.
 */
async function auditEverything(config: AggregatorConfig): Promise<number> {
  const clickhouse = connectClickHouse(config.clickhouse);
  const postgres = connectPostgres(config.database.url);
  try {
    const days = await storedDays(clickhouse);
    if (days === null) {
      process.stdout.write('Nothing is stored yet.\n');
      return 0;
    }
    const sink = new RollupsSink(
      { correctRollups: (extent) => correctRollups(clickhouse, extent) },
      new AggregatorMetrics(),
      createLogger('audit', 'silent'),
    );
    const reads = {
      lock: new StoringLock(postgres),
      store: { insertsUnderWay: () => countInsertsUnderWay(clickhouse) },
    };
    const rollups = new RollupAudit(reads, sink, new Clock());
    const differences = await rollups.audit(days);
    for (const { table, slice, missing } of differences) {
      process.stdout.write(
        `${table} ${JSON.stringify(slice)} lacked ${JSON.stringify(missing)}: corrected\n`,
      );
    }
    process.stdout.write(
      `${days.fromDay} to ${days.toDay}: ${differences.length} slices corrected\n`,
    );
    return differences.length === 0 ? 0 : 1;
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
