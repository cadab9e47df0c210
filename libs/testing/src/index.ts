export { makeTestTopic } from './make-test-topic.js';
export { startTestPlatform, type TestPlatform } from './start-test-platform.js';
export { testEngines, type TestEngines } from './test-engines.js';
export { pricedUsage } from './priced-usage.js';
