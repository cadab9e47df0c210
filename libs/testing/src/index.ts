export { startTestPlatform, type TestPlatform } from './start-test-platform.js';
export { testEngines, type TestEngines } from './test-engines.js';
