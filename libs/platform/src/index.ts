export { Clock } from './clock.js';
export { armFailpoint, failpoint } from './failpoint.js';
export { Readiness, type ReadinessCheck } from './health.js';
export { ConfigError, environmentDefaults, environmentNames, loadConfig } from './load-config.js';
export { createLogger, type Logger } from './logging.js';
export { Counter, Gauge, Histogram } from './metrics.js';
export { LOGGER, runService, type Service } from './run-service.js';
export { ServiceConfig } from './service-config.js';
export { DeadlinePassed, withDeadline } from './with-deadline.js';
