import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise } from './cruise.js';
import { findHandedWrites, findRelayedWrites } from './find-handed-writes.js';
import { findWritesBehindIndexes, findWritesByHand } from './find-reading-writes.js';
import { isTest, readRepositoryFiles } from './repository-files.js';
import { SampleTree } from './sample-tree.js';

const files = readRepositoryFiles();
const ofApps = files.filter(({ path }) => /^apps\/.*[.]ts$/.test(path) && !isTest(path));
/** Wiring of the aggregator that hands writes to ports: to be emptied, never to be added to. */
const HANDS_OUT_WRITES =
  /^apps\/aggregator\/src\/(aggregator|counting\/counting|anomalies\/anomalies)[.]module[.]ts$/;
const modules = ofApps.filter(
  ({ path }) => path.endsWith('.module.ts') && !HANDS_OUT_WRITES.test(path),
);

describe('an import of writes', () => {
  const tree = new SampleTree();
  const beside: Record<string, string> = {
    'two.pipeline.ts': "import { Producer } from '#kafka/writes'; new Producer();",
    'by-type.ts': "import type { Producer } from '#kafka/writes'; export type Port = Producer;",
    'by-inline-type.ts': "export type Port = import('#kafka/writes').Producer;",
    'by-type-of.ts': "export type Port = typeof import('#kafka/writes');",
    'relay.ts': "export * from '#kafka/writes';",
    'relay-of-type.ts': "export type { Producer } from '#kafka/writes';",
    'later.ts': "export const writes = () => import('#kafka/writes');",
    'two.service.ts': "import '#kafka/writes';",
    'steps/write-item.ts':
      "import type { Producer } from '#kafka/writes'; export type P = Producer;",
  };
  let found: string[] = [];

  beforeAll(async () => {
    const within = (app: string, sources: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(sources).map(([name, text]) => [`apps/${app}/src/${name}`, text]),
      );
    tree.write({
      'libs/kafka/src/writes.ts': 'export class Producer {}',
      'dev/start.ts': "import '#kafka/writes';",
      'test/e2e/writes.test.ts': "import '#kafka/writes';",
      ...within('two', beside),
      ...within('two', {
        'two.sink.ts': "import '#kafka/writes';",
        'two.module.ts': "import '#kafka/writes';",
        'two.pipeline.spec.ts': "import '#kafka/writes';",
      }),
      ...within('console', { 'things/things.service.ts': "import '#kafka/writes';" }),
    });
    const violations = await cruise(tree);
    found = violations
      .filter(({ rule }) => rule.name === 'only-sinks-write')
      .map(({ from }) => from);
  }, 60_000);

  afterAll(() => tree.remove());

  it.each(Object.keys(beside))('is found in %s', (name) => {
    expect(found).toContain(`apps/two/src/${name}`);
  });

  it('is left to sinks, modules, tests, and the services of the console', () => {
    expect(new Set(found).size).toBe(Object.keys(beside).length);
  });
});

describe('modules', () => {
  const HEAD = `
    import { EnvelopeProducer } from '#kafka/writes';
    import * as rows from '#clickhouse/writes';
    import { TwoPipeline } from './two.pipeline.js';
    import { TwoSink, TWO_WRITES } from './two.sink.js';
  `;
  const wiring = (providers: string, rest = '') =>
    `${HEAD}\n@Module({ providers: [${providers}] }) export class TwoModule { ${rest} }`;
  const line = (text: string) => findHandedWrites('two.module.ts', text);

  it('hand writes to sinks alone', () => {
    const handedOut = [
      '{ provide: TwoPipeline, inject: [EnvelopeProducer], useFactory: (any) => new TwoPipeline(any) }',
      '{ provide: TwoPipeline, useFactory: (any: EnvelopeProducer) => new TwoPipeline(any) }',
      '{ provide: TwoPipeline, useFactory: () => new TwoPipeline({ put: (row) => rows.insert(row) }) }',
      '{ provide: PORTS, useFactory: () => ({ log: new EnvelopeProducer() }) }',
      '{ provide: LOG, useExisting: EnvelopeProducer }',
      '{ provide: TWO_SINKS, useClass: EnvelopeProducer }',
      'handing(TwoPipeline, EnvelopeProducer)',
    ];
    for (const provider of handedOut) expect(line(wiring(provider))).toHaveLength(1);
    expect(line(`${wiring('TwoSink')}\nconst port = () => new EnvelopeProducer();`)).toHaveLength(
      1,
    );
    expect(line(wiring('TwoSink', 'port() { return new EnvelopeProducer(); }'))).toHaveLength(1);

    const kept = [
      'EnvelopeProducer',
      'onKafka(EnvelopeProducer)',
      '{ provide: EnvelopeProducer, useFactory: () => new EnvelopeProducer() }',
      '{ provide: TwoSink, inject: [EnvelopeProducer], useFactory: (p: EnvelopeProducer) => new TwoSink(p) }',
      '{ provide: TWO_WRITES, useFactory: () => (row) => rows.insert(row) }',
    ];
    for (const provider of kept) expect(line(wiring(provider))).toEqual([]);
    expect(line(wiring('TwoSink', 'constructor(private readonly p: EnvelopeProducer) {}'))).toEqual(
      [],
    );

    expect(modules.length).toBeGreaterThan(4);
    expect(modules.flatMap(({ path, text }) => findHandedWrites(path, text))).toEqual([]);
  });
});

describe('sinks and modules', () => {
  it('pass no write on under a name of their own', () => {
    const head = "import { EnvelopeProducer } from '#kafka/writes';\n";
    const relays = [
      "export { EnvelopeProducer } from '#kafka/writes';",
      "export type * from '#kafka/writes';",
      `${head}export { EnvelopeProducer };`,
      `${head}export type Sending = Pick<EnvelopeProducer, 'send'>;`,
      `${head}export interface Sending extends EnvelopeProducer {}`,
      `${head}export const sending = new EnvelopeProducer();`,
    ];
    for (const text of relays) expect(findRelayedWrites('two.sink.ts', text)).toHaveLength(1);
    const own = `${head}type Sending = EnvelopeProducer;\nexport class TwoSink { private readonly p: Sending; }`;
    expect(findRelayedWrites('two.sink.ts', own)).toEqual([]);
    expect(
      ofApps
        .filter(({ path }) => /[.](sink|module)[.]ts$/.test(path))
        .flatMap(({ path, text }) => findRelayedWrites(path, text)),
    ).toEqual([]);
  });
});

describe('the console', () => {
  it('has one writer for each resource', () => {
    const writersOf = (all: typeof files): [string, string[]][] => {
      const services = all.filter(({ path }) => /^apps\/console\/.*[.]service[.]ts$/.test(path));
      const naming = services.flatMap(({ path, text }) =>
        [...text.matchAll(/import (?:type )?\{([^}]*)\} from '#[a-z-]+\/writes'/g)].flatMap(
          ([, names = '']) => names.split(',').map((name) => ({ name: name.trim(), path })),
        ),
      );
      const byName = Map.groupBy(
        naming.filter(({ name }) => name !== ''),
        ({ name }) => name,
      );
      return [...byName].map(([name, paths]) => [name, paths.map(({ path }) => path)]);
    };
    const second = (all: typeof files) => writersOf(all).filter(([, paths]) => paths.length > 1);
    const text = "import { BudgetWrites } from '#postgres/writes';";
    const twice = ['budgets', 'rates'].map((resource) => ({
      path: `apps/console/src/${resource}/${resource}.service.ts`,
      text,
    }));
    expect(second(twice)).toEqual([['BudgetWrites', twice.map(({ path }) => path)]]);
    expect(writersOf(files).length).toBeGreaterThan(10);
    expect(second(files)).toEqual([]);
  });
});

describe('reading', () => {
  it('changes nothing: an index leads to no statement that writes', () => {
    const statements: [string, string][] = [
      ['postgres', "postgres.updateTable('budgets')"],
      ['postgres', 'sql`DELETE FROM anomalies`'],
      ['clickhouse', "client.insert({ table: 'usage_raw' })"],
      ['clickhouse', 'client.exec({ query: `TRUNCATE TABLE ${table}` })'],
      ['kafka', 'admin.createTopics({ topics })'],
      ['redis', "new RedisScript('count-usage')"],
      ['redis', 'await this.redis.hset(key, fields)'],
      ['stripe', 'stripe.invoices.create({})'],
    ];
    for (const [system, statement] of statements) {
      const library = (index: string) => [
        { path: `libs/${system}/src/index.ts`, text: index },
        { path: `libs/${system}/src/rows.ts`, text: "export { change } from './change.js';" },
        { path: `libs/${system}/src/change.ts`, text: statement },
      ];
      expect(findWritesBehindIndexes(library("export { change } from './rows.js';"))).toHaveLength(
        1,
      );
      expect(findWritesBehindIndexes(library("export type { Change } from './rows.js';"))).toEqual(
        [],
      );
    }
    expect(findWritesBehindIndexes(files)).toEqual([]);
  });

  it('is all that an app does by hand on a connection', () => {
    const texts = [
      "await postgres\n  .insertInto('budgets')",
      "clickhouse.insert({ table: 'usage_raw' })",
      'this.redis.hset(key, fields)',
      'stripe.invoices.create({})',
    ];
    const samples = texts.map((text) => ({ path: 'apps/two/src/two.sink.ts', text }));
    expect(findWritesByHand(samples)).toHaveLength(texts.length);
    expect(findWritesByHand(files)).toEqual([]);
  });
});
