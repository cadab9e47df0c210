import { connectPostgres, type Postgres } from './database.js';

const ROWS_MAX = 200;

/**
 * Brings every signing secret, those of deleted endpoints too, to what `renew` makes of it. Row by row under its lock, a slice a
 * transaction: an end in the middle leaves nothing half done, and a repetition changes nothing. Answers how many endpoints it changed.
 */
export async function renewSecrets(
  databaseUrl: string,
  renew: (secret: string, endpoint: string) => string,
): Promise<number> {
  const postgres = connectPostgres(databaseUrl, 1);
  try {
    let [changed, after] = [0, ''];
    for (;;) {
      const slice = await postgres
        .transaction()
        .execute((transaction) => renewSlice(transaction, after, renew));
      if (slice === undefined) return changed;
      changed += slice.changed;
      after = slice.last;
    }
  } finally {
    await postgres.destroy();
  }
}

async function renewSlice(
  transaction: Postgres,
  after: string,
  renew: (secret: string, endpoint: string) => string,
): Promise<{ changed: number; last: string } | undefined> {
  const rows = await transaction
    .selectFrom('webhook_endpoints')
    .select(['id', 'secrets'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(ROWS_MAX)
    .forUpdate()
    .execute();
  let changed = 0;
  for (const { id, secrets } of rows) {
    const renewed = secrets.map((one) => ({ ...one, secret: renew(one.secret, id) }));
    if (renewed.every(({ secret }, at) => secret === secrets[at]?.secret)) continue;
    await transaction
      .updateTable('webhook_endpoints')
      .set({ secrets: JSON.stringify(renewed) })
      .where('id', '=', id)
      .execute();
    changed += 1;
  }
  const last = rows.at(-1)?.id;
  return last === undefined ? undefined : { changed, last };
}
