import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  armFailpoint,
  Clock,
  ConfigError,
  createLogger,
  loadConfig,
  type Logger,
  LOGGER,
  Readiness,
  type ServiceConfig,
} from '#platform';
import { HealthController } from './health.controller.js';
import { NestLogger } from './nest-logger.js';
import { refuseOtherSites } from './refuse-other-sites.js';
import { serveMetrics } from './serve-metrics.js';

export interface Service<C extends ServiceConfig> {
  name: string;
  config: new () => C;
  module: Type;
  /** How the app listens: bounded, and with an id on every answer. */
  adapter: (config: C) => FastifyAdapter;
  /** Runs before listening: pipes, documents, Kafka servers. */
  prepare?: (app: NestFastifyApplication, config: C) => void | Promise<void>;
}

@Module({})
class ServiceModule {}

function serviceModule<C extends ServiceConfig>(
  service: Service<C>,
  config: C,
  logger: Logger,
): DynamicModule {
  const provided = [
    { provide: service.config, useValue: config },
    { provide: LOGGER, useValue: logger },
    { provide: Clock, useValue: new Clock(config.clockOffsetMs) },
    Readiness,
  ];
  return {
    module: ServiceModule,
    global: true,
    imports: [service.module],
    controllers: [HealthController],
    providers: provided,
    exports: provided,
  };
}

/**
 * Runs one app as this process: config, logs, health, metrics, and a drain on SIGTERM and SIGINT.
 * A wrong configuration ends the process with status 2 and names every problem; `--check-config` ends it there in any case.
 */
export async function runService<C extends ServiceConfig>(service: Service<C>): Promise<void> {
  const config = configOrExit(service);
  const logger = createLogger(service.name, config.logLevel);
  armFailpoint(config.failpoint);
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error) => {
      logger.fatal({ err: error, event }, 'nobody caught an error');
      process.exit(1);
    });
  }
  const app = await NestFactory.create<NestFastifyApplication>(
    serviceModule(service, config, logger),
    service.adapter(config),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, _reply, done) => {
      refuseOtherSites(config.httpHost, request.headers);
      done();
    });
  await service.prepare?.(app, config);
  await app.startAllMicroservices();
  await app.listen(config.httpPort, config.httpHost);
  const metricsUrl = await serveMetrics(config.metricsHost, config.metricsPort);
  logger.info({ url: await app.getUrl(), metrics_url: metricsUrl }, 'listening');
}

function configOrExit<C extends ServiceConfig>(service: Service<C>): C {
  try {
    const config = loadConfig(service.config);
    if (!process.argv.includes('--check-config')) return config;
    process.stdout.write(`${service.name}: the configuration is right\n`);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${service.name}: ${error.message}\n`);
    process.exit(2);
  }
}
