import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../../dev/repository-root.js';
import { cruise, type Violation } from './cruise.js';
import { SampleTree } from './sample-tree.js';

/** For each rule a file that breaks it. */
const violations: Record<string, { file: string; content: string }> = {
  'apps-apart': { file: 'apps/one/src/main.ts', content: "import '../../two/src/main.js';" },
  'libs-know-no-apps': {
    file: 'libs/http/src/reaches-up.ts',
    content: "import '../../../apps/two/src/main.js';",
  },
  'product-knows-no-tooling': {
    file: 'apps/two/src/uses-dev.ts',
    content: "import '../../../dev/start.js';",
  },
  'tooling-knows-no-tests': {
    file: 'dev/uses-test.ts',
    content: "import '../test/e2e/sample.test.js';",
  },
  'libs-by-their-index': {
    file: 'apps/two/src/reaches-in.ts',
    content: "import '../../../libs/money/src/inside.js';",
  },
  'money-reaches-down-only': { file: 'libs/money/src/inside.ts', content: "import '#contracts';" },
  'contracts-reaches-down-only': {
    file: 'libs/contracts/src/inside.ts',
    content: "import '#rating';",
  },
  'rating-reaches-down-only': { file: 'libs/rating/src/index.ts', content: "import '#invoicing';" },
  'invoicing-reaches-down-only': {
    file: 'libs/invoicing/src/inside.ts',
    content: "import '#rating';",
  },
  'windows-reaches-down-only': {
    file: 'libs/windows/src/inside.ts',
    content: "import '#rating';",
  },
  'meters-reaches-down-only': {
    file: 'libs/meters/src/inside.ts',
    content: "import '#rating';",
  },
  'watches-reaches-down-only': {
    file: 'libs/watches/src/inside.ts',
    content: "import '#rating';",
  },
  'watch-book-reaches-down-only': {
    file: 'libs/watch-book/src/inside.ts',
    content: "import '#rating';",
  },
  'anomalies-reaches-down-only': {
    file: 'libs/anomalies/src/inside.ts',
    content: "import '#rating';",
  },
  'recording-reaches-down-only': {
    file: 'libs/recording/src/inside.ts',
    content: "import type { Row } from '#clickhouse'; export type Copy = Row;",
  },
  'freshness-reaches-down-only': {
    file: 'libs/freshness/src/inside.ts',
    content: "import '#rating';",
  },
  'platform-knows-nobody': { file: 'libs/platform/src/inside.ts', content: "import '#money';" },
  'platform-without-frameworks': {
    file: 'libs/platform/src/framework.ts',
    content: "import '@nestjs/common';",
  },
  'service-knows-platform-alone': {
    file: 'libs/service/src/inside.ts',
    content: "import '#money';",
  },
  'adapters-apart': {
    file: 'libs/kafka/src/inside.ts',
    content: "import type { Row } from '#clickhouse'; export type Copy = Row;",
  },
  'one-door-to-kafka': {
    file: 'apps/two/src/two.sink.ts',
    content: "import type { Kafka } from 'kafkajs'; export type Copy = Kafka;",
  },
  'kafka-client-by-its-door': {
    file: 'libs/kafka/src/reaches-client.ts',
    content: "import './client/kafkajs/connection.js';",
  },
  'one-door-to-clickhouse': { file: 'dev/query.ts', content: "import '@clickhouse/client';" },
  'one-door-to-redis': { file: 'libs/postgres/src/inside.ts', content: "import 'ioredis';" },
  'one-door-to-postgres': { file: 'test/e2e/query.ts', content: "import 'kysely';" },
  'one-door-to-stripe': { file: 'dev/bill.ts', content: "import 'stripe';" },
  'pure-without-input-and-output': {
    file: 'libs/rating/src/reads.ts',
    content: "import 'node:fs/promises';",
  },
  'pure-without-frameworks': {
    file: 'apps/two/src/steps/decide-item.ts',
    content: "import '@nestjs/common';",
  },
  'steps-reach-no-system': {
    file: 'apps/two/src/steps/write-item.ts',
    content: "import '#kafka';",
  },
  'steps-stand-alone': {
    file: 'apps/two/src/steps/use-pipeline.ts',
    content: "import '../two.pipeline.js';",
  },
  'dialects-apart': {
    file: 'apps/two/src/dialects/second/second.ts',
    content: "import type { First } from '../first/first.js'; export type Copy = First;",
  },
  'dialects-stand-alone': {
    file: 'apps/two/src/dialects/second/use-pipeline.ts',
    content: "import '../../two.pipeline.js';",
  },
  'controllers-call-the-pipeline': {
    file: 'apps/two/src/two.controller.ts',
    content: "import './steps/decide-item.js';",
  },
  'only-modules-know-controllers': {
    file: 'apps/two/src/two.pipeline.ts',
    content: "import './two.controller.js';",
  },
  'only-the-pipeline-calls-the-sink': {
    file: 'apps/two/src/two.metrics.ts',
    content: "import './two.sink.js';",
  },
  'only-sinks-write': {
    file: 'apps/two/src/writes-beside-the-sink.ts',
    content: "import type { Writer } from '#kafka/writes'; export type Copy = Writer;",
  },
  'indexes-lead-to-no-writes': {
    file: 'libs/access/src/index.ts',
    content: "import './writes-inside.js';",
  },
  'aggregator-deciding-asks-its-neighbours': {
    file: 'apps/aggregator/src/deciding/asks.ts',
    content: "import type { Some } from '../partitions/some.js'; export type Copy = Some;",
  },
  'aggregator-alerting-asks-its-neighbours': {
    file: 'apps/aggregator/src/alerting/asks.ts',
    content: "import '../counting/some.js';",
  },
  'aggregator-partitions-asks-its-neighbours': {
    file: 'apps/aggregator/src/partitions/asks.ts',
    content: "import '../storing/some.js';",
  },
  'aggregator-pacing-asks-its-neighbours': {
    file: 'apps/aggregator/src/pacing/asks.ts',
    content: "import '../storing/some.js';",
  },
  'aggregator-counting-asks-its-neighbours': {
    file: 'apps/aggregator/src/counting/sliding/asks.ts',
    content: "import '../../storing/some.js';",
  },
  'aggregator-storing-asks-its-neighbours': {
    file: 'apps/aggregator/src/storing/asks.ts',
    content: "import '../counting/some.js';",
  },
  'aggregator-anomalies-asks-its-neighbours': {
    file: 'apps/aggregator/src/anomalies/asks.ts',
    content: "import type { Some } from '../counting/some.js'; export type Copy = Some;",
  },
  'aggregator-rooms-know-no-stage': {
    file: 'apps/aggregator/src/counting/calls-the-pipeline.ts',
    content: "import '../aggregator.pipeline.js';",
  },
  'modules-are-wiring': {
    file: 'apps/two/src/two.config.ts',
    content: "import './two.module.js';",
  },
  'no-cycles': { file: 'libs/http/src/cycle.ts', content: "import './index.js';" },
  'no-orphans': { file: 'libs/http/src/alone.ts', content: 'export const alone = 1;' },
  'no-dead-files': { file: 'libs/http/src/unused.ts', content: "import '#money';" },
  resolvable: { file: 'libs/http/src/lost.ts', content: "import './nowhere.js';" },
  'declared-dependencies': { file: 'libs/http/src/undeclared.ts', content: "import 'left-pad';" },
  'shipped-dependencies': { file: 'libs/http/src/needs-dev.ts', content: "import 'yaml';" },
  'telling-names': { file: 'libs/http/src/uses-helpers.ts', content: "import './helpers.js';" },
};

/** What the violations import, and a stage that keeps every rule. */
const surroundings: Record<string, string> = {
  'apps/two/src/main.ts': "import './two.module.js';",
  'apps/two/src/two.module.ts': "import './two.controller.js'; import './kept.pipeline.js';",
  'apps/two/src/kept.pipeline.ts':
    "import './steps/kept-step.js'; import './kept.sink.js'; import './room/kept.js';",
  'apps/two/src/kept.sink.ts': "import '#kafka';",
  'apps/two/src/steps/kept-step.ts':
    "import '#money'; import type { Row } from '#clickhouse'; export type Copy = Row;",
  'apps/two/src/dialects/first/first.ts': 'export type First = string;',
  'apps/aggregator/src/aggregator.pipeline.ts': "import './counting/some.js';",
  'apps/aggregator/src/main.ts': "import './storing/kept.js';",
  'apps/aggregator/src/counting/some.ts': 'export type Some = string;',
  'apps/aggregator/src/partitions/some.ts': 'export type Some = string;',
  'apps/aggregator/src/storing/some.ts': 'export type Some = string;',
  'apps/aggregator/src/storing/kept.ts':
    "import type { Some } from '../partitions/some.js'; export type Kept = Some;",
  'apps/two/src/room/kept.ts': "import './steps/kept-step.js';",
  'apps/two/src/room/steps/kept-step.ts': "import './kept-other.js';",
  'apps/two/src/room/steps/kept-other.ts': "import '#money';",
  'dev/start.ts': "import './start/options.js';",
  'dev/start/options.ts': 'export const options = {};',
  'test/e2e/sample.test.ts': 'export {};',
  'libs/http/src/index.ts': "import './cycle.js';",
  'libs/http/src/helpers.ts': 'export {};',
  'libs/kafka/src/writes.ts': 'export type Writer = string;',
  'libs/access/src/writes-inside.ts': "import '#kafka/writes';",
  'libs/money/src/index.ts': 'export const zero = 0n;',
  'libs/contracts/src/index.ts': "import './inside.js';",
  'libs/invoicing/src/index.ts': "import './inside.js';",
  'libs/clickhouse/src/index.ts': 'export type Row = string;',
  'libs/kafka/src/index.ts': 'export {};',
  'libs/kafka/src/client/kafkajs/connection.ts': 'export {};',
};

const KEPT = /kept/;

describe('the dependency rules', () => {
  const tree = new SampleTree();
  let found: Violation[] = [];

  beforeAll(async () => {
    tree.write(surroundings);
    for (const { file, content } of Object.values(violations)) tree.write({ [file]: content });
    found = await cruise(tree);
  }, 60_000);

  afterAll(() => tree.remove());

  it.each(Object.entries(violations))('%s finds what breaks it', (rule, { file }) => {
    const broken = found.filter(({ rule: { name } }) => name === rule);
    expect(broken.map(({ from, to }) => (rule === 'no-dead-files' ? to : from))).toContain(file);
  });

  it('leave a stage that keeps them alone', () => {
    expect(found.filter(({ from, to }) => KEPT.test(from) || KEPT.test(to))).toEqual([]);
  });

  it('have an example each', async () => {
    const settings = (await import(join(repositoryRoot, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    const names = settings.default.forbidden.map(({ name }) => name);
    expect(Object.keys(violations).sort()).toEqual([...names].sort());
  });
});
