import pg from 'pg';

const SETUP_LOCK = 7_235_003;

/**
 * Runs `work` while no other process sets up the stores that belong to this database; waits for one that does. The lock belongs to a
 * connection, so a crash frees it. When the connection breaks, `stopped` is raised: from then on another may be at work.
 */
export async function setUpAlone<T>(
  databaseUrl: string,
  work: (stopped: AbortSignal) => Promise<T>,
): Promise<T> {
  const broken = new AbortController();
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', (error) => broken.abort(error));
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [SETUP_LOCK]);
    return await work(broken.signal);
  } finally {
    await client.end();
  }
}
