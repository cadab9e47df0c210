import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CARRIED_FIELDS, EVENT_FIELDS } from '#contracts';
import { repositoryRoot } from '../../dev/repository-root.js';
import { type Check, isTest, readRepositoryFiles } from './repository-files.js';

/** The table, and what names every field for a reason of its own; the compiler holds it against the table. */
const LISTS = new Set([
  'libs/contracts/src/event-fields.ts',
  // One literal is made and turned into JSON in three fifths of the time that a loop over the table takes.
  'apps/pricing-worker/src/steps/price-event.ts',
]);
/** More than half of the fields that every stage carries along: nobody needs so many but to list them. */
const NAMED_MAX = Math.floor(CARRIED_FIELDS.length / 2);

const findLists: Check = (files) =>
  files
    .filter(
      ({ path }) => /^(apps|libs)\/(?!(testing|samples)\/).*[.]ts$/.test(path) && !isTest(path),
    )
    .filter(({ path }) => !LISTS.has(path))
    .map(({ path, text }) => ({
      path,
      named: CARRIED_FIELDS.filter((field) => new RegExp(`\\b${field}\\b`).test(text)).length,
    }))
    .filter(({ named }) => named > NAMED_MAX)
    .map(({ path, named }) => `${path} names ${named} fields of an event`);

/** What the schema of `usage_raw` says of an event's fields otherwise than the table does. */
function schemaDifferences(sql: string, fields: typeof EVENT_FIELDS): string[] {
  const types = new Map(
    [...sql.matchAll(/^ {4}(\w+) +(.+?),?$/gm)].map(([, name, type]) => [name!, type!]),
  );
  return Object.entries(fields)
    .map(([name, field]) => {
      const column = 'columnName' in field ? field.columnName : name;
      return { column, type: field.column, inSchema: types.get(column) ?? 'no column' };
    })
    .filter(({ type, inSchema }) => type !== inSchema)
    .map(({ column, type, inSchema }) => `${column}: ${type}, in the schema ${inSchema}`);
}

describe("an event's fields", () => {
  it('are listed in one place', () => {
    const list = CARRIED_FIELDS.slice(0, 12)
      .map((field) => `${field}: string | null;`)
      .join('\n');
    const planted = { path: 'libs/clickhouse/src/stored-event.ts', text: list };
    expect(findLists([planted])).toEqual([
      'libs/clickhouse/src/stored-event.ts names 12 fields of an event',
    ]);
    expect(findLists(readRepositoryFiles())).toEqual([]);
  });

  it('are the columns of usage_raw, by name and type', () => {
    const path = join(repositoryRoot, 'libs/clickhouse/schema/usage_raw.sql');
    const sql = readFileSync(path, 'utf8');
    const planted = sql
      .replace('    region               LowCardinality(Nullable(String)),\n', '')
      .replace('latency_ms           Nullable(Float64)', 'latency_ms           Nullable(Float32)');
    expect(schemaDifferences(planted, EVENT_FIELDS)).toEqual([
      'region: LowCardinality(Nullable(String)), in the schema no column',
      'latency_ms: Nullable(Float64), in the schema Nullable(Float32)',
    ]);
    expect(schemaDifferences(sql, EVENT_FIELDS)).toEqual([]);
  });
});
