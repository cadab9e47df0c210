import { Module } from '@nestjs/common';
import { TOPICS } from '#contracts';
import { JobLock, OpenBreaches, type Postgres } from '#postgres';
import { readCounterSums, type Redis } from '#redis';
import { CountingModule, REDIS } from '../counting/counting.module.js';
import { POSTGRES, StoresModule } from '../stores.module.js';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { AlertingScheduler } from './alerting.scheduler.js';
import { BreachWatch } from './breach-watch.js';
import { OverrunWatch } from './overrun-watch.js';
import { RaisedOnce } from './raised-once.js';

const { partitions } = TOPICS.usageRecorded;

@Module({
  imports: [StoresModule, CountingModule],
  providers: [
    AlertingScheduler,
    BreachWatch,
    OverrunWatch,
    RaisedOnce,
    {
      provide: ALERTING_PORTS,
      inject: [POSTGRES, REDIS],
      useFactory: (postgres: Postgres, redis: Redis): AlertingPorts => ({
        breaches: new OpenBreaches(postgres),
        counters: {
          read: (window, keys) => readCounterSums(redis, { ...window, partitions }, keys),
        },
        breachesLock: new JobLock(postgres, 'breaches'),
        projectionsLock: new JobLock(postgres, 'projections'),
      }),
    },
  ],
})
export class AlertingModule {}
