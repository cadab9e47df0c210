import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { readRepositoryFiles, type RepositoryFile } from './repository-files.js';

const PAGE = 'docs/data-model.md';
/** They note themselves what ran; ClickHouse's is in no file of schema/. */
const RECORDS = 'migrations';

/** What stands in code quotes in the first column of a section's tables. */
function namesOn(page: string, title: string): string[] {
  const [, section = ''] = page.split(`\n## ${title}\n`);
  const [own = ''] = section.split('\n## ');
  const cells = [...own.matchAll(/^\| (`[^|]+?) *\|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

/** The tables that are there once a folder's files have run in their order. */
function tablesOf(files: readonly RepositoryFile[], folder: string): string[] {
  const tables = new Set<string>();
  const sql = files
    .filter(({ path }) => path.startsWith(folder) && path.endsWith('.sql'))
    .sort((one, other) => one.path.localeCompare(other.path));
  for (const { text } of sql) {
    const steps = text.matchAll(/^(CREATE|DROP) TABLE (?:IF (?:NOT )?EXISTS )?(\w+)/gm);
    for (const [, step, name = ''] of steps)
      if (step === 'CREATE') tables.add(name);
      else tables.delete(name);
  }
  return [...tables];
}

/** Topics and tables that the page lacks, or has and nobody makes. */
function findDifferences(files: readonly RepositoryFile[]): string[] {
  const page = files.find(({ path }) => path === PAGE)?.text ?? '';
  const made: Record<string, string[]> = {
    Kafka: Object.values(TOPICS).map(({ name }) => name),
    ClickHouse: [...tablesOf(files, 'libs/clickhouse/schema/'), RECORDS],
    PostgreSQL: [...tablesOf(files, 'libs/postgres/migrations/'), RECORDS],
  };
  return Object.entries(made).flatMap(([title, names]) => {
    const told = namesOn(page, title);
    return [
      ...names.filter((name) => !told.includes(name)).map((name) => `${title}: ${name} is missing`),
      ...told.filter((name) => !names.includes(name)).map((name) => `${title}: ${name} is nowhere`),
    ];
  });
}

describe('docs/data-model.md', () => {
  it('is seen to lack what is made, and to tell of what is not', () => {
    const text = [
      '# Data model',
      '\n## Kafka\n',
      '| `usage.recorded` | an envelope |',
      '| `alerts.raised`  | an alert    |',
      '| `usage.lost`     | of nobody   |',
      '\n## ClickHouse\n',
      '| `usage_raw`  | events of `usage.priced` |',
      '| `migrations` | |',
      '\n## PostgreSQL\n',
      '| `projects`, `customers` | what is managed |',
      '| `migrations` | |',
    ].join('\n');
    const sample = [
      { path: PAGE, text },
      {
        path: 'libs/clickhouse/schema/usage_raw.sql',
        text: 'CREATE TABLE IF NOT EXISTS usage_raw',
      },
      {
        path: 'libs/clickhouse/schema/usage_per_day.sql',
        text: '-- x\nCREATE TABLE usage_per_day',
      },
      { path: 'libs/postgres/migrations/0002_b.sql', text: 'DROP TABLE customers;' },
      {
        path: 'libs/postgres/migrations/0001_a.sql',
        text: 'CREATE TABLE projects (\n);\nCREATE TABLE customers (',
      },
      { path: 'libs/postgres/migrations/0003_c.sql', text: 'CREATE TABLE deliveries (' },
    ];
    expect(findDifferences(sample)).toEqual([
      'Kafka: usage.priced is missing',
      'Kafka: usage.lost is nowhere',
      'ClickHouse: usage_per_day is missing',
      'PostgreSQL: deliveries is missing',
      'PostgreSQL: customers is nowhere',
    ]);
  });

  it('has every topic and every table', () => {
    expect(findDifferences(readRepositoryFiles())).toEqual([]);
  });
});
