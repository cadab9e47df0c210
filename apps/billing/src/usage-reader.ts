import { Inject, Injectable } from '@nestjs/common';
import { type ClickHouseClient, sumBilledUsage } from '#clickhouse';
import { TOPICS } from '#contracts';
import type { BillingPeriod, UsageTotal } from '#invoicing';
import { type Postgres, readStoredPositions } from '#postgres';
import { CLICKHOUSE, POSTGRES } from './connections.js';

export interface PeriodUsage {
  /** Everything up to here is in the totals; they may hold more. */
  readonly storedTo: Record<string, string>;
  readonly totals: Map<string | null, readonly UsageTotal[]>;
}

/** A project's usage of a period as it is stored at this moment. */
@Injectable()
export class UsageReader {
  constructor(
    @Inject(CLICKHOUSE) private readonly clickhouse: ClickHouseClient,
    @Inject(POSTGRES) private readonly postgres: Postgres,
  ) {}

  async read(project: string, { start, end }: BillingPeriod): Promise<PeriodUsage> {
    // Positions first: what is stored between the two reads is then in the totals and beyond the positions.
    const positions = await readStoredPositions(this.postgres, TOPICS.usagePriced.name);
    const usage = await sumBilledUsage(this.clickhouse, { project, start, end }).catch(
      (cause: unknown) => {
        throw new Error('usage could not be read from ClickHouse', { cause });
      },
    );
    return {
      storedTo: Object.fromEntries(
        positions.map(({ cluster, partition, originStoredTo }) => [
          `${cluster}/${partition}`,
          originStoredTo.toString(),
        ]),
      ),
      totals: groupByCustomer(usage),
    };
  }
}

type OfCustomer = UsageTotal & { readonly customer: string | null };

/** Usage by customer; under null, what names none. */
function groupByCustomer(usage: readonly OfCustomer[]): Map<string | null, readonly UsageTotal[]> {
  return Map.groupBy(usage, ({ customer }) => customer);
}
