import type { Logger } from '#platform';

/** The payloads of what was set aside, in ClickHouse. */
export interface PayloadsWritePort {
  endPayloads(day: string, before: Date): Promise<void>;
}

/** Lets what was set aside come to its end. */
export class PayloadsSink {
  constructor(
    private readonly payloads: PayloadsWritePort,
    private readonly logger: Logger,
  ) {}

  /** 1. Empties the payloads that were appended on a UTC day, up to `before`. The server does it in the background. */
  async end(day: string, before: Date): Promise<void> {
    await this.payloads.endPayloads(day, before);
    this.logger.info({ day }, 'the payloads of a day have been kept long enough');
  }
}
