import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { mintApiKey } from '#access';
import { writeFileAtomically } from './write-file-atomically.js';

/** What is made once for a data directory and kept beside its data, readable by the owner only. */
export interface Secrets {
  postgresPassword: string;
  clickhousePassword: string;
  redisPassword: string;
  /** What webhook secrets are sealed under in the database, as `SEALING_KEYS` has it. */
  sealingKeys: string;
  /** Opens `/v1/projects` and every project's keys at the console. */
  adminKey: string;
  /** Every scope of the demo project. */
  demoKey: string;
}

function makeSecrets(): Secrets {
  return {
    postgresPassword: randomBytes(18).toString('base64url'),
    clickhousePassword: randomBytes(18).toString('base64url'),
    redisPassword: randomBytes(18).toString('base64url'),
    sealingKeys: `made-first:${randomBytes(32).toString('hex')}`,
    adminKey: `rk_admin_${randomBytes(24).toString('hex')}`,
    demoKey: mintApiKey().key,
  };
}

/** The secrets of a data directory. What it has none of yet, all or what a later version added, is made now. */
export function loadOrCreateSecrets(file: string): Secrets {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>)
    : undefined;
  const secrets = { ...makeSecrets(), ...kept };
  if (kept === undefined || Object.keys(kept).length < Object.keys(secrets).length) {
    writeFileAtomically(file, JSON.stringify(secrets));
  }
  chmodSync(file, 0o600);
  return secrets;
}
