/** Files that hold a duration or a processor to a bound, so that nothing may run beside them. */
const ALONE = {
  engines: [
    // 200 ms of a processor for a request, and for a neighbour's answer.
    'test/integration/console-costly-bodies',
    'test/integration/door-costly-bodies',
  ],
  platform: [
    // 2 s from a 202 to the sum, or to the alert.
    'test/e2e/quickstart',
    'test/e2e/budget-to-webhook',
    'test/e2e/budget-windows',
    'test/e2e/rate-to-webhook',
    // 2 s from the end of a key to the last door that it opens.
    'test/e2e/isolation',
    // 2 s to every answer while the broker is away.
    'test/faults/broker-away',
    'test/faults/broker-killed',
    // 3 s from a 202 to the sum, beside a flood.
    'test/faults/noisy-neighbour',
    // 15 s until events flow again.
    'test/e2e/killed-process',
  ],
};

/** Tests run on the build, so that what is tested is what is shipped: assets, aliases and decorators included. */
const onBuild = (name, testMatch) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/dist'],
  testEnvironment: 'node',
  transform: {},
  testMatch: testMatch.map((glob) => glob.replace(/^!?/, `$&${import.meta.dirname}/dist/`)),
});

/** A project whose files run beside each other, and one of those that run alone. */
const withEngines = (name, testMatch) => {
  const alone = ALONE[name].map((file) => `${file}.test.js`);
  return [
    onBuild(name, [...testMatch, ...alone.map((file) => `!${file}`)]),
    onBuild(`${name}-alone`, alone),
  ];
};

export default {
  // Jest takes these two for all projects together only. Whole platforms need the most time, and the long forms an hour.
  testTimeout: process.env.TEST_LENGTH === 'long' ? 7_200_000 : 300_000,
  testSequencer: '<rootDir>/dist/dev/test/longest-first.js',
  projects: [
    onBuild('unit', ['{apps,libs,dev}/**/*.spec.js']),
    onBuild('architecture', ['test/architecture/**/*.test.js']),
    onBuild('simulation', ['test/simulation/**/*.test.js']),
    ...withEngines('engines', [
      'libs/**/*.engine.test.js',
      'test/{contract,integration}/**/*.test.js',
    ]),
    ...withEngines('platform', ['test/{e2e,invariants,faults}/**/*.test.js']),
  ],
};
