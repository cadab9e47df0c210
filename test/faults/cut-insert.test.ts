import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LoadedPlatform, readMetric, startLoadedPlatform } from '#testing';
import { requireStrace } from './require-strace.js';

const PARTITION = 2;
const EVENTS = 30;
const BLOCKS_AHEAD = 10;
const DEATH_MS_MAX = 30_000;

let test: LoadedPlatform;

beforeAll(async () => {
  requireStrace();
  test = await startLoadedPlatform('cut-insert');
  // Every table has a part, so that the names of the next ones are known.
  await test.load.send(EVENTS, {}, PARTITION);
  await test.load.sendContradictions(
    [...test.load.sent.identities.values()].map(({ event }) => event),
  );
  expect(await test.load.differences()).toEqual([]);
});
afterAll(() => test.end());

/**
 * The folders in which a table's next insert may prepare its parts, one for each month. Their numbers count over the
 * whole table, begin somewhere below the last part's after a restart, and repeats that were deduplicated use some up.
 */
async function nextParts(table: string): Promise<string[]> {
  const [[folder, level] = []] = await test.load.query(
    `SELECT data_paths[1], startsWith(engine, 'Aggregating') FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
  );
  const [[months, highest] = []] = await test.load.query(
    `SELECT groupUniqArray(partition_id), max(max_block_number) FROM system.parts WHERE database = currentDatabase() AND table = '${table}'`,
  );
  return (months as string[]).flatMap((month) =>
    Array.from({ length: Number(highest) + BLOCKS_AHEAD }, (_, below) => {
      const block = below + 1;
      return `${String(folder)}tmp_insert_${month}_${block}_${block}_${Number(level)}/`;
    }),
  );
}

/** Lets the engine die as it is about to rename any of `paths`: behind the deduplication log, before the part is in place. */
async function killAtRename(paths: readonly string[], traceFile: string): Promise<ChildProcess> {
  const pid = test.platform.process('clickhouse').pid!;
  const inject = ['-e', 'trace=rename', '-e', 'inject=rename:error=EIO:signal=SIGKILL'];
  const matching = paths.flatMap((path) => ['-P', path]);
  const strace = spawn(
    'strace',
    ['-f', '-p', String(pid), '-o', traceFile, ...inject, ...matching],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  strace.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('attached')) {
    if (strace.exitCode !== null) throw new Error(`strace could not attach: ${said}`);
    await delay(20);
  }
  return strace;
}

/** Rows that reading back has sent again, or rollup slices that it has corrected. */
function mended(table: string): Promise<number> {
  const url = test.platform.metricsUrl('aggregator');
  return table.startsWith('usage_per')
    ? readMetric(url, 'aggregator_rollup_corrections_total')
    : readMetric(url, 'aggregator_mended_rows_total', `table="${table}"`);
}

describe('an insert that is cut between the deduplication log and the rename is mended', () => {
  it.each(['usage_raw', 'usage_identities', 'usage_per_day', 'usage_per_hour', 'usage_set_aside'])(
    'for the part of %s',
    async (table) => {
      const { platform, load } = test;
      await platform.waitUntilReady('clickhouse');
      const before = await mended(table);
      const trace = `${platform.logFile('clickhouse')}.${table}.strace`;
      const strace = await killAtRename(await nextParts(table), trace);
      const gone = once(strace, 'exit');
      const death = once(platform.process('clickhouse'), 'exited', {
        signal: AbortSignal.timeout(DEATH_MS_MAX),
      });
      const events = [...load.sent.identities.values()].map(({ event }) => event);
      await load.sender.send(events.slice(0, 10), { batchMax: 10, copiesMax: 1, concurrency: 1 });
      await load.send(EVENTS, { copiesMax: 1 }, PARTITION);
      expect(await death).toMatchObject([{ signal: 'SIGKILL' }, expect.anything()]);
      await gone;
      expect(readFileSync(trace, 'utf8')).toMatch(/rename\(".*tmp_insert_/);
      expect(await load.differences()).toEqual([]);
      expect(await mended(table)).toBeGreaterThan(before);
    },
  );
});
