import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { WatchBook } from '#watch-book';
import { CountersSink } from './counters.sink.js';

/** Lets go of what deleted projects have left, beside the counting of all others: it may take a while. */
@Injectable()
export class EndedProjects {
  private underWay = false;

  constructor(
    private readonly book: WatchBook,
    private readonly sink: CountersSink,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** At once back. What fails is done at the next call. */
  letGo(): void {
    const projects = this.book.ended;
    if (this.underWay || projects.length === 0) return;
    this.underWay = true;
    this.sink
      .end(projects)
      .then(() => this.book.letGoOf(projects))
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'what deleted projects have left stays for now');
      })
      .finally(() => (this.underWay = false));
  }
}
