import { type Logger } from '#platform';

export interface ClusterViewOptions {
  app: string;
  brokers: readonly string[];
  logger: Logger;
  /** Default 2000: of each call. */
  timeoutMs?: number;
}

export interface PartitionEnds {
  partition: number;
  /** The first offset still held. */
  low: string;
  /** One past the last offset held. */
  high: string;
}

/** Reads about the cluster over one connection that is kept, and built anew after trouble. Every call throws after its timeout. */
export class ClusterView {
  constructor(readonly options: ClusterViewOptions) {}

  /** The id that the log was born with: a rebuilt cluster has another. */
  clusterId(): Promise<string> {
    throw new Error('not built yet');
  }

  topicEnds(_topic: string): Promise<PartitionEnds[]> {
    throw new Error('not built yet');
  }

  /** A readiness check: null when the brokers answer, else why not. */
  unreadyReason(): Promise<string | null> {
    throw new Error('not built yet');
  }

  close(): Promise<void> {
    throw new Error('not built yet');
  }
}
