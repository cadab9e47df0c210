import { describe, expect, it } from '@jest/globals';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';

const SRC = 'apps/aggregator/src/';
const files = readRepositoryFiles().filter(({ path }) => path.startsWith(SRC));

/** Whatever `PartitionStream` and `OwnedPartition` keep: the order of the protocol rests on how it moves. */
const KEPT =
  'decidedTo|originDecidedTo|originCountedTo|originStoredTo|plan|planUnderWay|soughtBackTo|waitingSinceMs|waiting|lastBatch|endPause|isStoring';

/** `a.b = c`, `a.b += c`, `a.b ??= c`, `a.b++`, `++a.b` and `Object.assign(a, ...)`, outside the room that keeps them. */
const findMoved: Check = (all) =>
  findText(
    all,
    (path) => !isTest(path) && !path.startsWith(`${SRC}partitions/`),
    new RegExp(
      `[.](${KEPT})\\s*((?:[-+*/|&]|[?]{2}|[|]{2}|&&)?=(?![=>])|[+]{2}|--)|([+]{2}|--)\\s*[\\w.]+[.](${KEPT})\\b|\\bObject[.]assign\\(`,
    ),
  );

/** The ports that a sink declares for what it writes with: whoever else names one could be given it. */
const writePortsOf: Check = (all) =>
  all
    .filter(({ path }) => path.endsWith('.sink.ts'))
    .flatMap(({ text }) =>
      [...text.matchAll(/^export (?:interface|type) (\w+WritePorts?)\b/gm)].map(
        ([, name]) => name!,
      ),
    );

const findNamedWritePorts: Check = (all) => {
  const ports = writePortsOf(all);
  return findText(
    all,
    (path) => !isTest(path) && !/[.](sink|module)[.]ts$/.test(path),
    new RegExp(`\\b(${ports.join('|')}|\\w+WritePorts?)\\b`),
  );
};

/** A sink must be told what it writes with by a port that is named so. */
const findSinksWithoutPort: Check = (all) =>
  all
    .filter(({ path }) => path.endsWith('.sink.ts'))
    .filter((file) => writePortsOf([file]).length === 0)
    .map(({ path }) => path);

describe('the watermarks of a partition', () => {
  it('are moved in its room alone', () => {
    const text = [
      'stream.plan = null;',
      'owned.stream.originCountedTo = 7n;',
      'stream.decidedTo += 1n;',
      'owned.lastBatch ??= batch;',
      '++stream.waiting;',
      'Object.assign(stream, { decidedTo: 7n });',
      'if (stream.decidedTo === 7n || stream.plan !== null || stream.decidedTo >= 2n) go();',
      'const isOver = (plan) => plan.last;',
    ].join('\n');
    const sample = { path: `${SRC}counting/a.ts`, text };
    const lines = findMoved([sample]).map((found) => found.split(':')[1]);
    expect(lines).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(findMoved([{ path: `${SRC}partitions/a.ts`, text }])).toEqual([]);
    expect(findMoved(files)).toEqual([]);
  });
});

describe('the write ports of the aggregator', () => {
  const sink = {
    path: `${SRC}counting/a.sink.ts`,
    text: 'export interface AmountsWritePort {}\nexport class ASink {}',
  };

  it('are named by sinks and by the modules that wire them', () => {
    const text = "import type { AmountsWritePort } from './a.sink.js';";
    const of = (name: string) => ({ path: `${SRC}counting/${name}`, text });
    expect(findNamedWritePorts([sink, of('b.ts')])).toEqual([
      `${SRC}counting/b.ts:1: AmountsWritePort`,
    ]);
    const allowed = [sink, of('b.sink.ts'), of('counting.module.ts'), of('b.spec.ts')];
    expect(findNamedWritePorts(allowed)).toEqual([]);
    expect(findNamedWritePorts(files)).toEqual([]);
  });

  it('are declared by every sink', () => {
    expect(findSinksWithoutPort([sink, { ...sink, text: 'export class ASink {}' }])).toEqual([
      sink.path,
    ]);
    expect(findSinksWithoutPort(files)).toEqual([]);
    expect(writePortsOf(files).sort()).toEqual([
      'AlertsWritePorts',
      'AnomaliesWritePorts',
      'CountersWritePorts',
      'OwnershipWritePort',
      'PaceWritePort',
      'PayloadsWritePort',
      'RollupsWritePort',
      'UsageWritePort',
    ]);
  });
});
