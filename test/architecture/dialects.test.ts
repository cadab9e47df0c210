import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../../dev/repository-root.js';
import { cruise, type Violation } from './cruise.js';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';
import { SampleTree } from './sample-tree.js';

const files = readRepositoryFiles();
const DOOR = 'apps/ingest-api/src';
const dialects = readdirSync(join(repositoryRoot, DOOR, 'dialects'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What every dialect shares: it names none of them. The module and the list of a path choose among them. */
const isMechanism = (path: string): boolean =>
  path.startsWith(`${DOOR}/`) &&
  !isTest(path) &&
  !path.startsWith(`${DOOR}/dialects/`) &&
  path !== `${DOOR}/ingest-api.module.ts`;

const findNamedDialects: Check = (all) =>
  findText(
    all,
    isMechanism,
    new RegExp(dialects.filter((name) => name !== 'native').join('|'), 'i'),
  );

/** Steps and dialects say with values why something is not taken. */
const isPure = (path: string): boolean =>
  /^apps\/ingest-api\/src\/(steps|dialects)\//.test(path) &&
  !isTest(path) &&
  !path.endsWith('.controller.ts');

const findThrown: Check = (all) => findText(all, isPure, /\bthrow\b|\b(ApiError|HttpException)\b/);

const kept: Record<string, string> = {
  'apps/door/src/door.pipeline.ts': "import './dialect.js';",
  'apps/door/src/dialect.ts': 'export type Dialect = string;',
  'apps/door/src/steps/step.ts': 'export const step = 1;',
  'apps/door/src/dto/schema.ts': 'export const schema = 1;',
  'apps/door/src/dialects/path.ts': "import './kept/kept.js';",
  'apps/door/src/dialects/kept/kept.ts':
    "import '../../steps/step.js'; import '../../dto/schema.js'; import type { Dialect } from '../../dialect.js'; export type Copy = Dialect;",
  'apps/door/src/dialects/kept/kept.controller.ts':
    "import '@nestjs/common'; import '../../door.pipeline.js'; import './kept.js';",
  'libs/kafka/src/index.ts': 'export const send = 1;',
};

/** For each planted file of a dialect the rule that it breaks. */
const planted: Record<string, { rule: string; content: string }> = {
  'neighbour.ts': { rule: 'dialects-apart', content: "import '../kept/kept.js';" },
  'neighbours-type.ts': {
    rule: 'dialects-apart',
    content: "import type { Copy } from '../kept/kept.js'; export type Again = Copy;",
  },
  'neighbour.controller.ts': { rule: 'dialects-apart', content: "import '../kept/kept.js';" },
  'pipeline.ts': { rule: 'dialects-stand-alone', content: "import '../../door.pipeline.js';" },
  'framework.ts': { rule: 'pure-without-frameworks', content: "import '@nestjs/common';" },
  'files.ts': { rule: 'pure-without-input-and-output', content: "import 'node:fs';" },
  'system.ts': { rule: 'steps-reach-no-system', content: "import '#kafka';" },
  'step.controller.ts': {
    rule: 'controllers-call-the-pipeline',
    content: "import '../../steps/step.js';",
  },
};

describe('the dialects of the door', () => {
  const tree = new SampleTree();
  let found: Violation[] = [];

  beforeAll(async () => {
    const folder = 'apps/door/src/dialects/planted';
    const files = Object.entries(planted).map(([name, { content }]) => [
      `${folder}/${name}`,
      content,
    ]);
    tree.write({ ...kept, ...(Object.fromEntries(files) as Record<string, string>) });
    found = await cruise(tree, ['apps', 'libs']);
  }, 60_000);

  afterAll(() => tree.remove());

  it.each(Object.entries(planted))('are found by the rules: %s', (name, { rule }) => {
    const broken = found.filter((violation) => violation.rule.name === rule);
    expect(broken.map(({ from }) => from)).toContain(`apps/door/src/dialects/planted/${name}`);
  });

  it('may use steps, schemas and the shape of a dialect, and their routes the pipeline', () => {
    const rules = [...new Set(Object.values(planted).map(({ rule }) => rule))];
    const broken = found.filter(({ from, rule: { name } }) => from in kept && rules.includes(name));
    expect(broken).toEqual([]);
  });

  it('are named nowhere in what all of them share', () => {
    expect(dialects.sort()).toEqual(['affordai', 'moesif', 'native']);
    const text =
      "const isAffordai = looksLikeAffordai(items);\nif (headers['x-moesif-id']) return;";
    const path = `${DOOR}/ingest-api.pipeline.ts`;
    expect(findNamedDialects([{ path, text }])).toHaveLength(3);
    expect(findNamedDialects(files)).toEqual([]);
  });

  it('refuse with values, as steps do: nothing is thrown', () => {
    const text =
      "import { ApiError } from '#http';\nthrow new ApiError(400, 'empty_body', 'the body is empty');";
    const paths = [`${DOOR}/steps/split-items.ts`, `${DOOR}/dialects/native/read-event.ts`];
    expect(findThrown(paths.map((path) => ({ path, text })))).toHaveLength(6);
    expect(findThrown(files)).toEqual([]);
  });
});
