import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ClickHouseClient, connectClickHouse, isClickHouseOutage } from '#clickhouse';
import { ApiError, unavailable } from '#http';
import { LOGGER, type Logger, Readiness } from '#platform';
import { connectPostgres, isPostgresOutage, type Postgres } from '#postgres';
import { connectRedis, isRedisOutage, type Redis } from '#redis';
import { ConsoleConfig } from '../console.config.js';
import { outages } from '../console.metrics.js';

/**
 * The databases that the console asks. One that is away or overloaded is a 503 that passes; anything else is a fault of
 * ours. Redis is no necessity: what it holds can be had from ClickHouse.
 */
@Injectable()
export class Engines implements OnApplicationShutdown {
  readonly postgresPool: Postgres;
  private readonly client: ClickHouseClient;
  private readonly redisClient: Redis;

  constructor(
    config: ConsoleConfig,
    readiness: Readiness,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.postgresPool = connectPostgres(config.database.url);
    this.client = connectClickHouse(config.clickhouse);
    this.redisClient = connectRedis(config.redis.url);
    this.redisClient.on('error', (error: Error) =>
      this.logger.warn({ err: error }, 'Redis is away'),
    );
    readiness.register('clickhouse', async () =>
      (await this.client.ping()).success ? null : 'ClickHouse does not answer',
    );
    readiness.register('postgres', async () => {
      await this.postgresPool.selectFrom('projects').select('id').limit(1).execute();
      return null;
    });
  }

  /** @throws ApiError 503 when ClickHouse is away or does not answer in time. */
  async clickhouse<T>(ask: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    try {
      return await ask(this.client);
    } catch (error) {
      if (isClickHouseOutage(error)) throw this.outage('clickhouse', error);
      throw error;
    }
  }

  /** @throws ApiError 503 when PostgreSQL is away or does not answer in time. */
  async postgres<T>(ask: (postgres: Postgres) => Promise<T>): Promise<T> {
    try {
      return await ask(this.postgresPool);
    } catch (error) {
      if (!(error instanceof ApiError) && isPostgresOutage(error))
        throw this.outage('postgres', error);
      throw error;
    }
  }

  /** Null when Redis is away or cannot serve. */
  async redis<T>(ask: (redis: Redis) => Promise<T>): Promise<T | null> {
    try {
      return await ask(this.redisClient);
    } catch (error) {
      if (!isRedisOutage(error)) throw error;
      outages.inc({ engine: 'redis' });
      this.logger.warn({ engine: 'redis', err: error }, 'a database did not answer');
      return null;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.redisClient.disconnect();
    await this.client.close();
    await this.postgresPool.destroy();
  }

  private outage(engine: 'clickhouse' | 'postgres', error: unknown): ApiError {
    outages.inc({ engine });
    this.logger.warn({ engine, err: error }, 'a database did not answer');
    return unavailable(`${engine}_unavailable`, 'the database does not answer: try again', 2);
  }
}
