// Who may import whom. `npm run dependencies:check` cruises the sources: `tsconfig.json` leads a `#name` to
// libs/<name>/src/index.ts and `#name/writes` to libs/<name>/src/writes.ts, where Node itself goes to the build.

const TESTS = '[.](spec|test)[.]ts$';
const PURE_LIBS =
  '^libs/(money|contracts|rating|invoicing|windows|meters|watches|watch-book|anomalies|freshness)/';
/** Of a stage, or of one of its rooms. */
const STEPS = ['^apps/[^/]+/src/steps/', '^apps/[^/]+/src/[^/]+/steps/'];
/** All of a dialect but its routes: how bodies are read, and answers worded. */
const DIALECTS = '^apps/([^/]+)/src/dialects/(?!.+[.]controller[.]ts$)';
/** Where a process or a command begins; and the order of test files, which Jest asks for. */
const ENTRIES =
  '^(apps/[^/]+/src/(main|bill|audit)|dev/(start|setup|[a-z-]+/main|embedded/[a-z]+/main|test/(serve-engines|longest-first)))[.]ts$';
const STAGES = '^apps/(?!console/)[^/]+/src/';
const ADAPTER_LIBS = '^libs/(kafka|clickhouse|redis|postgres|stripe)/';
const INPUT_OUTPUT =
  '^(node:)?(fs|net|http|http2|https|tls|dns|dgram|child_process|cluster|worker_threads|readline|process|timers)(/|$)';
const FRAMEWORKS = '(^|/)node_modules/(@nestjs/|@fastify/|(fastify|rxjs|pino|prom-client)/)';
const WRITES = '^libs/[^/]+/src/writes[.]ts$';
/** Sinks write, modules hand them the means; the console answers requests, and there the service of a resource writes it. */
const WRITERS = ['[.](sink|module)[.]ts$', '^apps/console/src/.*[.]service[.]ts$'];
/** The rooms of the aggregator, each with those that it may know. */
const AGGREGATOR_ROOMS = {
  deciding: [],
  alerting: [],
  partitions: ['deciding'],
  counting: ['partitions', 'alerting'],
  storing: ['partitions', 'alerting'],
  anomalies: ['alerting'],
  pacing: ['partitions'],
};
const VALUES = { dependencyTypesNot: ['type-only'] };

/** One system, one door: only this library imports its client. */
const door = (system, clients, home, others = []) => ({
  name: `one-door-to-${system}`,
  comment: `${clients} is imported only in ${home}.`,
  from: { pathNot: [`^${home}/`, ...others] },
  to: { path: `(^|/)node_modules/(@types/)?(${clients})/` },
});

const pureLibReaches = (lib, allowed) => ({
  name: `${lib}-reaches-down-only`,
  comment:
    'The pure libraries form a chain: money <- contracts <- rating, invoicing, windows, meters <- watches, anomalies.',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(apps|libs|dev|test|bench)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
});

const RULES = [
  {
    name: 'apps-apart',
    comment: 'Apps never import apps: they meet in topics and stores.',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'libs-know-no-apps',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'product-knows-no-tooling',
    comment:
      'What ships imports nothing of dev, test and bench; libs/testing and libs/samples are no part of what ships.',
    from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/(testing|samples)/'] },
    to: { path: '^(dev|test|bench|libs/(testing|samples))/' },
  },
  {
    name: 'tooling-knows-no-tests',
    from: { path: '^dev/', pathNot: TESTS },
    to: { path: ['^(test|bench)/', '^apps/'] },
  },
  {
    name: 'libs-by-their-index',
    comment:
      "A library's surface is its index, and `writes.ts` for what changes a system; all else may change without notice.",
    from: { path: '^(apps|libs|dev|test|bench)/([^/]+)/' },
    to: { path: '^libs/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/(index|writes)[.]ts$'] },
  },
  pureLibReaches('money', []),
  pureLibReaches('contracts', ['money']),
  pureLibReaches('rating', ['money', 'contracts']),
  pureLibReaches('invoicing', ['money', 'contracts']),
  pureLibReaches('windows', ['money', 'contracts']),
  pureLibReaches('meters', ['money', 'contracts']),
  pureLibReaches('watches', ['money', 'contracts', 'windows', 'meters']),
  pureLibReaches('watch-book', ['money', 'contracts', 'windows', 'meters', 'watches']),
  pureLibReaches('anomalies', ['money', 'contracts', 'meters']),
  pureLibReaches('freshness', ['money', 'contracts']),
  {
    name: 'recording-reaches-down-only',
    comment: 'Recording is given its send: it knows envelopes, and no system that takes them.',
    from: { path: '^libs/recording/' },
    to: {
      path: '^(apps|libs|dev|test|bench)/',
      pathNot: '^libs/(recording|contracts|platform)/',
    },
  },
  {
    name: 'platform-knows-nobody',
    comment: 'Every process stands on libs/platform, so it stands on nothing here.',
    from: { path: '^libs/platform/' },
    to: { path: '^(apps|libs|dev|test|bench)/', pathNot: '^libs/platform/' },
  },
  {
    name: 'platform-without-frameworks',
    comment:
      'Whatever reads a clock or a setting loads libs/platform: what runs an app, and its framework, is libs/service.',
    from: { path: '^libs/platform/', pathNot: TESTS },
    to: { path: '(^|/)node_modules/(@nestjs/|@fastify/|(fastify|rxjs)/)', ...VALUES },
  },
  {
    name: 'service-knows-platform-alone',
    comment: 'It runs what it is given.',
    from: { path: '^libs/service/' },
    to: { path: '^(apps|libs|dev|test|bench)/', pathNot: '^libs/(service|platform)/' },
  },
  {
    name: 'adapters-apart',
    comment: 'A library that wraps one system knows nothing of another.',
    from: { path: '^libs/(kafka|clickhouse|redis|postgres|stripe)/' },
    to: { path: ADAPTER_LIBS, pathNot: '^libs/$1/' },
  },
  door('kafka', 'kafkajs', 'libs/kafka/src/client'),
  {
    name: 'kafka-client-by-its-door',
    comment: 'The rest of libs/kafka knows sessions, so that another client can take their place.',
    from: { pathNot: '^libs/kafka/src/client/' },
    to: {
      path: '^libs/kafka/src/client/',
      pathNot: '^libs/kafka/src/client/(sessions|reads|writes)[.]ts$',
    },
  },
  // Contract tests and benchmarks hold the bare client against the server.
  door('clickhouse', '@clickhouse/client', 'libs/clickhouse', ['^test/contract/', '^bench/']),
  door('redis', 'ioredis', 'libs/redis'),
  door('postgres', 'pg|kysely', 'libs/postgres'),
  // The simulator is tried with the SDK that it stands in for.
  door('stripe', 'stripe', 'libs/stripe', ['^test/contract/stripe-sim']),
  {
    name: 'pure-without-input-and-output',
    comment: 'Pure libraries, steps and dialects compute: no files, sockets, processes or timers.',
    from: { path: [PURE_LIBS, ...STEPS, DIALECTS], pathNot: TESTS },
    to: { path: INPUT_OUTPUT, dependencyTypes: ['core'] },
  },
  {
    name: 'pure-without-frameworks',
    from: { path: [PURE_LIBS, ...STEPS, DIALECTS], pathNot: TESTS },
    to: { path: FRAMEWORKS, ...VALUES },
  },
  {
    name: 'steps-reach-no-system',
    comment: 'A step or a dialect may name the row types of an adapter, never its functions.',
    from: { path: [...STEPS, DIALECTS], pathNot: TESTS },
    to: { path: '^libs/(kafka|clickhouse|redis|postgres|stripe|platform|access)/', ...VALUES },
  },
  {
    name: 'steps-stand-alone',
    comment: 'Steps are called by the pipeline and call nothing of their stage but other steps.',
    from: { path: '^apps/([^/]+)/src/(.*)steps/', pathNot: TESTS },
    to: { path: '^apps/', pathNot: '^apps/$1/src/$2(steps|dto)/', ...VALUES },
  },
  {
    name: 'dialects-apart',
    comment: 'A dialect knows of no other: what several of them need is a step.',
    from: { path: '^apps/([^/]+)/src/dialects/([^/]+)/', pathNot: TESTS },
    to: { path: '^apps/[^/]+/src/dialects/', pathNot: '^apps/$1/src/dialects/$2/' },
  },
  {
    name: 'dialects-stand-alone',
    comment: 'A dialect is called by the pipeline and calls nothing of its stage but steps.',
    from: { path: DIALECTS, pathNot: TESTS },
    to: { path: '^apps/', pathNot: '^apps/$1/src/(steps/|dto/|dialects/|dialect[.]ts$)' },
  },
  {
    name: 'controllers-call-the-pipeline',
    comment:
      "In a stage the outside becomes a batch in the controller; steps and writes are the pipeline's.",
    from: {
      path: [
        `${STAGES}[^/]+[.](controller|scheduler)[.]ts$`,
        `${STAGES}dialects/[^/]+/[^/]+[.]controller[.]ts$`,
      ],
    },
    to: {
      path: [...STEPS, '[.]sink[.]ts$', ADAPTER_LIBS],
      ...VALUES,
    },
  },
  {
    name: 'only-modules-know-controllers',
    from: { path: '^apps/', pathNot: ['[.]module[.]ts$', TESTS] },
    to: { path: '[.](controller|scheduler)[.]ts$' },
  },
  {
    name: 'only-the-pipeline-calls-the-sink',
    comment:
      'Controllers and steps never write; what is neither is wiring or a part of the pipeline.',
    from: { path: [...STEPS, DIALECTS, '[.](config|metrics|dto|guard)[.]ts$'] },
    to: { path: '[.]sink[.]ts$' },
  },
  {
    name: 'only-sinks-write',
    comment:
      'What changes a system is named by sinks and by the modules that wire them, by nobody else: not as a type either.',
    from: { path: '^apps/', pathNot: [...WRITERS, ENTRIES, TESTS] },
    to: { path: WRITES },
  },
  {
    name: 'indexes-lead-to-no-writes',
    comment: "A library that writes by another one's means offers that in its own `writes.ts`.",
    from: { path: '^libs/(?!(testing|samples)/)[^/]+/src/index[.]ts$' },
    to: { path: WRITES, reachable: true },
  },
  {
    name: 'modules-are-wiring',
    from: { path: '^apps/', pathNot: [ENTRIES, '[.]module[.]ts$', TESTS] },
    to: { path: '[.]module[.]ts$', ...VALUES },
  },
  ...Object.entries(AGGREGATOR_ROOMS).map(([room, asked]) => ({
    name: `aggregator-${room}-asks-its-neighbours`,
    comment: `Rooms know each other in one direction: ${room} knows ${asked.join(', ') || 'none'}.`,
    from: { path: `^apps/aggregator/src/${room}/` },
    to: {
      path: '^apps/aggregator/src/[^/]+/',
      pathNot: `^apps/aggregator/src/(${[room, ...asked].join('|')})/`,
    },
  })),
  {
    name: 'aggregator-rooms-know-no-stage',
    comment:
      'The pipeline calls the rooms; of the stage they know its environment and its metrics.',
    from: { path: '^apps/aggregator/src/[^/]+/' },
    to: {
      path: '^apps/aggregator/src/[^/]+[.]ts$',
      pathNot: '/(aggregator[.](config|metrics)|connections[.]module)[.]ts$',
    },
  },
  { name: 'no-cycles', from: {}, to: { circular: true } },
  {
    name: 'no-orphans',
    comment: 'A file that imports nothing and that nobody imports is dead.',
    from: { orphan: true, pathNot: TESTS },
    to: {},
  },
  {
    name: 'no-dead-files',
    comment: 'What ships is reached from the entry of a process or of a command.',
    from: { path: ENTRIES },
    to: {
      path: '^(apps|libs|dev)/.*[.]ts$',
      pathNot: [TESTS, ENTRIES, '^libs/(testing|samples)/'],
      reachable: false,
    },
  },
  {
    name: 'resolvable',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'declared-dependencies',
    comment: 'Every package that is imported stands in the one package.json.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-bundled'] },
  },
  {
    name: 'shipped-dependencies',
    comment: 'What ships must not need a package that is installed for development only.',
    from: {
      path: ['^(apps|libs)/', '^dev/(setup[.]|setup[.]config|provision|stripe-sim/)'],
      pathNot: [TESTS, '^libs/(testing|samples)/'],
    },
    to: { dependencyTypes: ['npm-dev'], ...VALUES },
  },
  {
    name: 'telling-names',
    comment: 'A file is named after what it does, not after its being shared.',
    from: {},
    to: {
      path: '/(utils?|helpers?|common|misc|types|constants|managers?|shared)[./]',
      pathNot: 'node_modules',
    },
  },
];

module.exports = {
  forbidden: RULES.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
