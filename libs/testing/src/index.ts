export { makeTestTopic } from './make-test-topic.js';
export { startTestPlatform, type TestPlatform } from './start-test-platform.js';
export { testEngines, type TestEngines } from './test-engines.js';
export { pricedUsage } from './priced-usage.js';
export { makeTestDatabase } from './make-test-database.js';
export { SeededRandom } from './load/seeded-random.js';
export { startLoadedPlatform, type LoadedPlatform } from './load/start-loaded-platform.js';
export { UsageLoad } from './load/usage-load.js';
export { dollars, type ExpectedEvent, picoOf, sliceKey, sumUp } from './load/expected-usage.js';
