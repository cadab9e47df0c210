import { setTimeout as delay } from 'node:timers/promises';
import { TOPICS } from '#contracts';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import { connectPostgres, type Postgres } from '#postgres';

const POLL_MS = 50;

/** How far the pipe is, from its own books: the ends of the log in Kafka and the stored positions in PostgreSQL. */
export class PipeProgress {
  private readonly view: ClusterView;
  private readonly postgres: Postgres;

  constructor({ kafkaBrokers, databaseUrl }: { kafkaBrokers: string; databaseUrl: string }) {
    const logger = createLogger('test', 'silent');
    this.view = new ClusterView({ app: 'test', brokers: kafkaBrokers.split(','), logger });
    this.postgres = connectPostgres(databaseUrl, 2);
  }

  /** Waits until everything in the log is stored; engines may be away meanwhile. Throws naming what lags. */
  async waitUntilStored(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const lag = await this.lag().catch((error: unknown) => [String(error)]);
      if (lag.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(`not stored after ${timeoutMs / 1000} s: ${lag.join('; ')}`);
      await delay(POLL_MS);
    }
  }

  /** The partitions with a plan that is written and not finished. */
  async unfinishedPlans(): Promise<number[]> {
    const rows = await this.postgres
      .selectFrom('partition_ownership')
      .select('partition')
      .where('plan_token', 'is not', null)
      .execute();
    return rows.map(({ partition }) => partition);
  }

  /** The plans that are written and not finished, with the rows that they were written for. */
  async standingPlans(): Promise<{ token: string; rows: number }[]> {
    const rows = await this.postgres
      .selectFrom('partition_ownership')
      .select(['plan_token', 'plan_counted', 'plan_set_aside'])
      .where('plan_token', 'is not', null)
      .execute();
    return rows.map(({ plan_token, plan_counted, plan_set_aside }) => ({
      token: plan_token!,
      rows: (plan_counted ?? 0) + (plan_set_aside ?? 0),
    }));
  }

  /** Records of `usage.recorded` over all partitions: how many there are, how many of them are priced, and how many are stored. */
  async positions(): Promise<{ recorded: number; priced: number; stored: number }> {
    const { name } = TOPICS.usageRecorded;
    const sum = (offsets: Iterable<string>) =>
      [...offsets].reduce((all, one) => all + Number(one), 0);
    const priced = await this.view.committedOffsets('pricing-worker', name);
    const owned = await this.postgres
      .selectFrom('partition_ownership')
      .select('origin_stored_to')
      .where('cluster', '=', await this.view.clusterId())
      .execute();
    return {
      recorded: sum((await this.view.topicEnds(name)).map(({ high }) => high)),
      priced: sum([...priced.values()].filter((offset) => Number(offset) > 0)),
      stored: owned.reduce((all, row) => all + Number(row.origin_stored_to) + 1, 0),
    };
  }

  /** Records of `usage.priced`, those that were written again behind a crash among them. */
  async pricedRecords(): Promise<number> {
    const ends = await this.view.topicEnds(TOPICS.usagePriced.name);
    return ends.reduce((all, { high }) => all + Number(high), 0);
  }

  /** The sum of all epochs: how many times a partition has been taken over. */
  async takeOvers(): Promise<number> {
    const rows = await this.postgres.selectFrom('partition_ownership').select('epoch').execute();
    return rows.reduce((sum, { epoch }) => sum + Number(epoch), 0);
  }

  async close(): Promise<void> {
    await this.view.close();
    await this.postgres.destroy();
  }

  private async lag(): Promise<string[]> {
    const ends = await this.view.topicEnds(TOPICS.usageRecorded.name);
    const owned = await this.postgres
      .selectFrom('partition_ownership')
      .select(['partition', 'origin_stored_to', 'plan_token'])
      .where('cluster', '=', await this.view.clusterId())
      .execute();
    const stored = new Map(owned.map((row) => [row.partition, row]));
    return ends.flatMap(({ partition, high }) => {
      const storedTo = (stored.get(partition)?.origin_stored_to ?? -1n) + 1n;
      if (storedTo === BigInt(high) && !stored.get(partition)?.plan_token) return [];
      return [`partition ${partition} is stored up to ${storedTo} of ${high}`];
    });
  }
}
