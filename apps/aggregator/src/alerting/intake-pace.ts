import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';

const ASK_EVERY_MS = 20;

/** How fast the notifier takes alerts in: who raises many waits for it, so that the topic holds few of one project. */
@Injectable()
export class IntakePace {
  constructor(
    @Inject(ALERTING_PORTS) private readonly ports: Pick<AlertingPorts, 'recorded'>,
    private readonly clock: Clock,
  ) {}

  /** Until an alert is recorded; false when it is not within `msMax`: whoever waits goes on. A throw is an outage. */
  async recorded(id: string, msMax: number): Promise<boolean> {
    const untilMs = performance.now() + msMax;
    while (!(await this.ports.recorded.has(id))) {
      if (performance.now() >= untilMs) return false;
      await this.clock.sleep(ASK_EVERY_MS);
    }
    return true;
  }
}
