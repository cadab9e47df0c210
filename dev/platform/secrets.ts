import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mintApiKey } from '#access';
import { writeFileAtomically } from './write-file-atomically.js';

/** What is made once for a data directory and kept beside its data, readable by the owner only. */
export interface Secrets {
  postgresPassword: string;
  /** Opens `/v1/projects` and every project's keys at the console. */
  adminKey: string;
  /** Every scope of the demo project. */
  demoKey: string;
}

/** The secrets of a data directory, made now when it has none. */
export function loadOrCreateSecrets(file: string): Secrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secrets: Secrets = {
    postgresPassword: randomBytes(18).toString('base64url'),
    adminKey: `rk_admin_${randomBytes(24).toString('hex')}`,
    demoKey: mintApiKey().key,
  };
  writeFileAtomically(file, JSON.stringify(secrets));
  return secrets;
}
