import { Module } from '@nestjs/common';
import { TOPICS } from '#contracts';
import { EnvelopeProducer } from '#kafka/writes';
import { LOGGER, type Logger } from '#platform';
import { isAlertRecorded, JobLock, OpenBreaches, type Postgres } from '#postgres';
import { SetAsideAlertWrites } from '#postgres/writes';
import { PendingAlerts, readCounterSums, type Redis } from '#redis';
import { PendingAlertWrites } from '#redis/writes';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { ConnectionsModule, POSTGRES, REDIS } from '../connections.module.js';
import { AlertRaising } from './alert-raising.js';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { AlertingScheduler } from './alerting.scheduler.js';
import { AlertsSink } from './alerts.sink.js';
import { BreachWatch } from './breach-watch.js';
import { IntakePace } from './intake-pace.js';
import { NoticeRaising } from './notice-raising.js';
import { OverrunWatch } from './overrun-watch.js';
import { RaisedOnce } from './raised-once.js';
import { SetAsideTelling } from './set-aside-telling.js';
import { WatchByWatch } from './watch-by-watch.js';

const { partitions } = TOPICS.usageRecorded;

@Module({
  imports: [ConnectionsModule],
  providers: [
    AlertingScheduler,
    AlertRaising,
    BreachWatch,
    IntakePace,
    NoticeRaising,
    OverrunWatch,
    RaisedOnce,
    SetAsideTelling,
    WatchByWatch,
    {
      provide: AlertsSink,
      inject: [EnvelopeProducer, REDIS, POSTGRES, AggregatorMetrics, LOGGER],
      useFactory: (
        log: EnvelopeProducer,
        redis: Redis,
        postgres: Postgres,
        metrics: AggregatorMetrics,
        logger: Logger,
      ) => {
        const pending = new PendingAlertWrites(redis);
        const setAside = new SetAsideAlertWrites(postgres);
        return new AlertsSink({ log, pending, setAside }, metrics, logger);
      },
    },
    {
      provide: ALERTING_PORTS,
      inject: [POSTGRES, REDIS],
      useFactory: (postgres: Postgres, redis: Redis): AlertingPorts => ({
        pending: new PendingAlerts(redis),
        recorded: { has: (id) => isAlertRecorded(postgres, id) },
        breaches: new OpenBreaches(postgres),
        counters: {
          read: (window, keys) => readCounterSums(redis, { ...window, partitions }, keys),
        },
        breachesLock: new JobLock(postgres, 'breaches'),
        projectionsLock: new JobLock(postgres, 'projections'),
      }),
    },
  ],
  exports: [AlertRaising, AlertsSink, NoticeRaising],
})
export class AlertingModule {}
