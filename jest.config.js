/** Tests run on the build, so that what is tested is what is shipped: assets, aliases and decorators included. */
const onBuild = (name, testMatch) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/dist'],
  testEnvironment: 'node',
  transform: {},
  testMatch: testMatch.map((glob) => `<rootDir>/dist/${glob}`),
});

export default {
  // Jest takes this for all projects together only; whole platforms need the most.
  testTimeout: 300_000,
  projects: [
    onBuild('unit', ['{apps,libs,dev}/**/*.spec.js']),
    onBuild('architecture', ['test/architecture/**/*.test.js']),
    onBuild('simulation', ['test/simulation/**/*.test.js']),
    onBuild('engines', ['libs/**/*.engine.test.js', 'test/{contract,integration}/**/*.test.js']),
    onBuild('platform', ['test/{e2e,invariants,faults}/**/*.test.js']),
  ],
};
