import { type Logger } from '#platform';

export interface WiringOptions {
  app: string;
  brokers: readonly string[];
  logger: Logger;
}

/** Throws, naming each problem, when the topics that this app reads or writes are missing or have another partition count than declared. */
export function assertWiring(_options: WiringOptions): Promise<void> {
  throw new Error('not built yet');
}
