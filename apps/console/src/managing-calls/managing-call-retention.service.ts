import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { ManagingCallRetentionWrites } from '#postgres/writes';
import { ConsoleConfig } from '../console.config.js';
import { removedCalls } from '../console.metrics.js';
import { Engines } from '../engines/engines.js';

const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 500;
/** Between two slices, so that the calls of the moment find the database free. */
const REST_MS = 50;

/** The end of managing calls: names and addresses of people may stand in them, so they are not kept for ever. */
@Injectable()
export class ManagingCallRetentionService {
  constructor(
    @Inject(ConsoleConfig) private readonly config: Pick<ConsoleConfig, 'managingCallsKeptDays'>,
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /** Once over everything that is old enough, in slices, until `isStopped`. Two consoles at it do no harm. */
  async sweep(isStopped: () => boolean): Promise<void> {
    const before = new Date(this.clock.now() - this.config.managingCallsKeptDays * DAY_MS);
    while (!isStopped() && (await this.removeSome(before)) === ROWS_AT_ONCE) {
      await this.clock.sleep(REST_MS);
    }
  }

  private async removeSome(before: Date): Promise<number> {
    const removed = await this.engines.postgres((postgres) =>
      new ManagingCallRetentionWrites(postgres).removeOld({ before, limit: ROWS_AT_ONCE }),
    );
    removedCalls.inc(removed);
    return removed;
  }
}
