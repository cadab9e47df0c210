import { availableParallelism } from 'node:os';
import { Stryker } from '@stryker-mutator/core';
import { type Part, listParts } from './parts.js';
import { type PartScore, scoreOf, writeScores } from './scores.js';

/** A part below this fails the run. */
const SCORE_MIN = 90;

/** `npm run mutants`: every part. `npm run mutants -- money windows`: those. */
async function main(names: string[]): Promise<PartScore[]> {
  const parts = listParts();
  const unknown = names.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) {
    throw new Error(`${unknown}: there are ${parts.map((part) => part.name).join(', ')}`);
  }
  const scores: PartScore[] = [];
  for (const part of parts) {
    if (names.length === 0 || names.includes(part.name)) scores.push(await mutate(part));
  }
  return scores;
}

/**
 * The sources are mutated, in a copy of the repository, all mutants at once, and built once: a mutant is switched on while
 * its tests run. Types are not checked, as most mutants have none that fit.
 */
async function mutate(part: Part): Promise<PartScore> {
  const stryker = new Stryker({
    mutate: part.mutate,
    ignorePatterns: ['/.*', '/docs', '/bench', '/dev', '/test', '/jest.config.js'],
    tempDirName: '.reckoner-test/mutants',
    buildCommand: 'tsc --project tsconfig.build.json --noCheck --incremental false',
    testRunner: 'jest',
    testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
    jest: {
      enableFindRelatedTests: false,
      config: {
        roots: ['<rootDir>/dist'],
        testEnvironment: 'node',
        transform: {},
        testMatch: part.specs,
      },
    },
    coverageAnalysis: 'perTest',
    concurrency: Math.max(1, availableParallelism() - 1),
    reporters: ['clear-text'],
    clearTextReporter: { reportTests: false },
    allowConsoleColors: false,
    thresholds: { high: SCORE_MIN, low: SCORE_MIN, break: null },
  });
  return scoreOf(part.name, await stryker.runMutationTest());
}

const scores = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
process.stdout.write(writeScores(scores));
process.exitCode = scores.every(({ score }) => score >= SCORE_MIN) ? 0 : 1;
