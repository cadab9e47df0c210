import { Freshness, type LogView, readLogEnds } from '#freshness';
import type { Clock } from '#platform';
import type { StoredPosition } from '#postgres';

/** Up to when every acknowledged event is stored: a pipe that lags must not make every customer's day look low. */
export class UsageCompleteness {
  private readonly freshness = new Freshness();

  constructor(
    private readonly view: LogView,
    private readonly storedPositions: () => Promise<StoredPosition[]>,
    private readonly clock: Clock,
  ) {}

  /** In milliseconds since the epoch; null while it is unknown of one partition. */
  async completeTo(): Promise<number | null> {
    const ends = await readLogEnds(this.view, this.clock.now()).catch(() => null);
    return this.freshness.advance(ends, await this.storedPositions());
  }
}
