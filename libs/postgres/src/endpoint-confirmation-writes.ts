import { sql } from 'kysely';
import { AlertOutbox } from './alert-outbox.js';
import { CONFIRMATION_TYPE } from './confirmation-type.js';
import { inTransaction, type Postgres } from './database.js';

const TRIES_MAX = 5;

/** Lets the owner of an address say that alerts may go there: by a code that only its mail holds. */
export class EndpointConfirmationWrites {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Sends a code to an endpoint that is not confirmed; only the newest counts, and its tries begin anew. False, without
   * sending, where the project has had `max` since `since`.
   */
  ask(
    confirmation: { id: string; project: string; endpoint: string; code: string },
    { at, since, max }: { at: Date; since: Date; max: number },
  ): Promise<boolean> {
    const { id, project, endpoint, code } = confirmation;
    return inTransaction(this.postgres, async (transaction) => {
      const { asked } = await transaction
        .selectFrom('alerts')
        .select(({ fn }) => fn.countAll<bigint>().as('asked'))
        .where('project', '=', project)
        .where('type', '=', CONFIRMATION_TYPE)
        .where('created_at', '>', since)
        .executeTakeFirstOrThrow();
      if (Number(asked) >= max) return false;
      await transaction
        .updateTable('webhook_endpoints')
        .set({ confirmation_tries: 0 })
        .where('id', '=', endpoint)
        .execute();
      const told = { id, project, type: CONFIRMATION_TYPE, raised_at: at.toISOString() };
      const alert = { ...told, raised_by: null, data: { code } };
      await new AlertOutbox(transaction).recordTest(alert, endpoint, at);
      return true;
    });
  }

  /**
   * Confirms a living endpoint by the code that it was last sent, if that is not older than `since`. After a few wrong ones a
   * new code is needed. One that is confirmed already stays so.
   */
  confirm(
    endpoint: { project: string; id: string },
    code: string,
    { at, since }: { at: Date; since: Date },
  ): Promise<'confirmed' | 'refused' | 'missing'> {
    return inTransaction(this.postgres, async (transaction) => {
      const row = await transaction
        .selectFrom('webhook_endpoints')
        .select(['confirmed_at', 'confirmation_tries'])
        .where('project', '=', endpoint.project)
        .where('id', '=', endpoint.id)
        .where('deleted_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return 'missing';
      if (row.confirmed_at !== null) return 'confirmed';
      const right =
        row.confirmation_tries < TRIES_MAX &&
        (await new EndpointConfirmationWrites(transaction).lastCode(endpoint.id, since)) === code;
      await transaction
        .updateTable('webhook_endpoints')
        .set(right ? { confirmed_at: at } : { confirmation_tries: row.confirmation_tries + 1 })
        .where('id', '=', endpoint.id)
        .execute();
      return right ? 'confirmed' : 'refused';
    });
  }

  private async lastCode(endpoint: string, since: Date): Promise<string | null> {
    const { rows } = await sql<{ code: string }>`
      SELECT data ->> 'code' AS code FROM deliveries JOIN alerts ON alerts.id = deliveries.alert
      WHERE deliveries.endpoint = ${endpoint} AND alerts.type = ${CONFIRMATION_TYPE} AND alerts.raised_at > ${since}
      ORDER BY alerts.sequence DESC LIMIT 1`.execute(this.postgres);
    return rows[0]?.code ?? null;
  }
}
