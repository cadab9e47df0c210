export { testEngines, type TestEngines } from './test-engines.js';
