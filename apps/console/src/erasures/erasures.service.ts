import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { eraseFromUsage } from '#clickhouse/writes';
import { ApiError } from '#http';
import { Clock, failpoint } from '#platform';
import { type CallPosition, type Erasure, Erasures, type Postgres } from '#postgres';
import { ErasureWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type { CreateErasureDto, ErasureDto } from './erasure.dto.js';

/** Each is looked at again and again until it is done; so many of one project delay nobody else's for long. */
const OPEN_MAX = 20;
/** Between the clocks of doors and console: rather some seconds too much goes than one event too little. */
const CLOCKS_APART_MS = 5_000;

/** The data of a person goes, and every sum by anything else stays. */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  async create(postgres: Postgres, project: string, body: CreateErasureDto): Promise<ErasureDto> {
    const { customer = null, user = null, properties = [] } = body;
    if ((await new Erasures(postgres).countOpen(project)) >= OPEN_MAX) {
      const message = `${OPEN_MAX} erasures are under way: ask again when one is done`;
      throw new ApiError(409, 'limit_reached', message);
    }
    return show(
      await new ErasureWrites(postgres).request({
        id: `era_${randomBase62(20)}`,
        project,
        customer,
        end_user: user,
        properties: [...new Set(properties)],
        requested_at: new Date(this.clock.now()),
      }),
    );
  }

  async find(project: string, id: string): Promise<ErasureDto | undefined> {
    const row = await this.engines.postgres((postgres) => new Erasures(postgres).find(project, id));
    return row && show(row);
  }

  list(project: string, query: ListQueryDto): Promise<Page<ErasureDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new Erasures(postgres).list(project, page), show),
    );
  }

  open(limit: number): Promise<Erasure[]> {
    return this.engines.postgres((postgres) => new Erasures(postgres).open(limit));
  }

  backlog(): Promise<{ open: number; oldest: Date | null }> {
    return this.engines.postgres((postgres) => new Erasures(postgres).backlog());
  }

  /**
   * One step of an erasure; true when it was the last. Each step looks for what is left, so a crash anywhere, or another console at
   * the same, only repeats. To be begun when all usage from before the request is stored: what comes later is of somebody new.
   */
  async proceed(erasure: Erasure): Promise<boolean> {
    const {
      id,
      project,
      customer,
      end_user: user,
      properties,
      requested_at: requestedAt,
    } = erasure;
    const receivedTo = new Date(requestedAt.getTime() + CLOCKS_APART_MS);
    const subject = { project, customer, user, properties, pseudonym: id, receivedTo };
    const isGone = await this.engines.clickhouse((client) => eraseFromUsage(client, subject));
    failpoint('console.after_erased_usage');
    if (!isGone) return false;
    await this.engines.postgres(async (postgres) => {
      const writes = new ErasureWrites(postgres);
      if (user === null) await writes.eraseCustomer(erasure);
      failpoint('console.after_erased_customer');
      let after: CallPosition | null = null;
      do after = await writes.eraseCalls(erasure, after);
      while (after !== null);
      failpoint('console.after_erased_calls');
      await writes.finish(erasure, new Date(this.clock.now()));
      failpoint('console.after_erasure');
    });
    return true;
  }
}

function show({ id, customer, end_user, properties, created_at, done_at }: Erasure): ErasureDto {
  return {
    id,
    customer,
    user: end_user,
    properties,
    state: done_at === null ? 'under_way' : 'done',
    created_at: created_at.toISOString(),
    done_at: done_at?.toISOString() ?? null,
  };
}
