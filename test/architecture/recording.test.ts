import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { cruise, type Violation } from './cruise.js';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';
import { SampleTree } from './sample-tree.js';

/** The library that writes envelopes, the contract that names them, and the apps that read them. */
const MAY_NAME_ENVELOPES = new RegExp(
  `^(libs/(recording|contracts)|apps/(${TOPICS.usageRecorded.readers.join('|')}))/`,
);

/** The type, the schema's name, and envelopes written by hand, as an object or as text. */
const ENVELOPE =
  /\bRecordedEnvelope\b|\bRECORDED_SCHEMA\b|['"`]usage[.]recorded[.]v\d|["']?\bv["']?: ?1, ?["']?batches\b/;

const findEnvelopes: Check = (all) =>
  findText(
    all,
    (path) =>
      /^(apps|libs\/(?!(testing|samples)\/))/.test(path) &&
      path.endsWith('.ts') &&
      !isTest(path) &&
      !MAY_NAME_ENVELOPES.test(path),
    ENVELOPE,
  );

describe('recording', () => {
  const tree = new SampleTree();
  let found: Violation[] = [];

  beforeAll(async () => {
    tree.write({
      'libs/contracts/src/index.ts': 'export const topics = 1;',
      'libs/platform/src/index.ts': 'export const clock = 1;',
      'libs/kafka/src/index.ts': 'export type Send = string;',
      'libs/recording/src/index.ts': "import '#contracts'; import '#platform';",
      'libs/recording/src/planted.ts':
        "import type { Send } from '#kafka'; export type Copy = Send;",
    });
    found = await cruise(tree, ['libs']);
  }, 60_000);

  afterAll(() => tree.remove());

  it('is the only place where envelopes of usage.recorded are made', () => {
    const samples = [
      "import { RECORDED_SCHEMA, type RecordedEnvelope } from '#contracts';",
      "headers: { schema: 'usage.recorded.v1' }",
      'const envelope = { v: 1, batches: [batch] };',
      'const value = `{"v":1,"batches":[${batches}]}`;',
    ].map((text) => ({ path: 'apps/console/src/quarantine/replay-of.ts', text }));
    expect(samples.map((sample) => findEnvelopes([sample]).length)).toEqual([2, 1, 1, 1]);
    expect(findEnvelopes(readRepositoryFiles())).toEqual([]);
  });

  it('is given its send: it knows no system, not even by a type', () => {
    const broken = found.filter(({ rule }) => rule.name === 'recording-reaches-down-only');
    expect(broken.map(({ from }) => from)).toEqual(['libs/recording/src/planted.ts']);
  });
});
