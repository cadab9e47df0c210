import { describe, expect, it } from '@jest/globals';
import { oneNode, renderStatement, replicatedOn } from './deployment.js';
import { readMigrations } from './read-migrations.js';

const STATEMENT = [
  'CREATE TABLE IF NOT EXISTS t ${on_cluster} (n UInt8)',
  'ENGINE = ${replicated}AggregatingMergeTree ORDER BY n',
  'SETTINGS index_granularity = 256, ${deduplication_window} = 20000',
].join('\n');

describe('a deployment', () => {
  it('of one node leaves nothing of the placeholders', () => {
    expect(renderStatement(STATEMENT, oneNode)).toBe(
      [
        'CREATE TABLE IF NOT EXISTS t  (n UInt8)',
        'ENGINE = AggregatingMergeTree ORDER BY n',
        'SETTINGS index_granularity = 256, non_replicated_deduplication_window = 20000',
      ].join('\n'),
    );
  });

  it('that is replicated has its tables on the cluster, with replicated engines and their window', () => {
    expect(renderStatement(STATEMENT, replicatedOn('usage'))).toBe(
      [
        'CREATE TABLE IF NOT EXISTS t ON CLUSTER usage (n UInt8)',
        'ENGINE = ReplicatedAggregatingMergeTree ORDER BY n',
        'SETTINGS index_granularity = 256, replicated_deduplication_window_seconds = 604800, replicated_deduplication_window = 20000',
      ].join('\n'),
    );
  });

  it('refuses a name that could be more than a name, and a placeholder that it does not know', () => {
    expect(() => replicatedOn('c; DROP TABLE t')).toThrow('not a plain name of a cluster');
    expect(() => renderStatement('SELECT ${else}', oneNode)).toThrow(
      'nothing is known to stand for ${else}',
    );
  });
});

describe('the migrations', () => {
  it('are numbered without a gap', async () => {
    const numbers = (await readMigrations()).map(({ name }) => name.slice(0, 5));
    expect(numbers).toEqual(numbers.map((_, index) => `${String(index + 1).padStart(4, '0')}_`));
  });

  it('say in each statement about a table or view where it runs, and name no engine of one deployment', async () => {
    const statements = (await readMigrations()).flatMap((migration) => migration.statements);
    for (const { sql } of statements) {
      const rendered = renderStatement(sql, replicatedOn('usage'));
      if (/^(CREATE|ALTER|DROP|RENAME|EXCHANGE)\b/m.test(sql))
        expect(rendered).toContain(' ON CLUSTER usage');
      const engines = [...rendered.matchAll(/ENGINE = (\w*MergeTree)/g)].map(([, name]) => name);
      expect(engines.filter((name) => !name?.startsWith('Replicated'))).toEqual([]);
    }
  });
});
