import { connectPostgres } from '#postgres';
import { ApiKeyWrites, ProjectWrites } from '#postgres/writes';
import { parseApiKey } from './api-key.js';
import { SCOPES } from './principal.js';

export const DEMO_PROJECT = 'demo';

/**
 * Gives the platform its demo project and a key with every scope. Safe to repeat with the same key.
 * @param apiKey made once by `mintApiKey` and kept by the caller: the database holds only its hash.
 */
export async function seedDemoProject(options: {
  databaseUrl: string;
  apiKey: string;
}): Promise<void> {
  const parsed = parseApiKey(options.apiKey);
  if (!parsed) throw new Error('the demo key is not a key of the form rk_...');
  const postgres = connectPostgres(options.databaseUrl, 1);
  try {
    await new ProjectWrites(postgres).create({ id: DEMO_PROJECT, name: 'Demo' });
    await new ApiKeyWrites(postgres).create({
      id: parsed.id,
      project: DEMO_PROJECT,
      application: null,
      name: 'Demo key',
      scopes: [...SCOPES],
      secret_hash: parsed.secretHash,
    });
  } finally {
    await postgres.destroy();
  }
}
