import { type Logger } from '#platform';

export interface ProvisionOptions {
  brokers: readonly string[];
  logger: Logger;
  /** Default: 1 on a single broker, else 3. */
  replicationFactor?: number;
}

/**
 * Makes the cluster match the table of topics: creates what is missing, corrects settings.
 * Throws, naming the topic, when an existing one has another partition count: that cannot be corrected without moving identities.
 */
export function provisionTopics(_options: ProvisionOptions): Promise<void> {
  throw new Error('not built yet');
}
