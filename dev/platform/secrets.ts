import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { mintApiKey } from '#access';
import { APP_ROLES, type AppRole } from '#postgres';
import { writeFileAtomically } from './write-file-atomically.js';

/** What is made once for a data directory and kept beside its data, readable by the owner only. */
export interface Secrets {
  /** Of the owner of the tables. */
  postgresPassword: string;
  /** Of the apps' own roles in PostgreSQL. */
  databasePasswords: Record<AppRole, string>;
  clickhousePassword: string;
  redisPassword: string;
  /** What webhook secrets are sealed under in the database, as `SEALING_KEYS` has it. */
  sealingKeys: string;
  /** Opens `/v1/projects` and every project's keys at the console. */
  adminKey: string;
  /** Every scope of the demo project. */
  demoKey: string;
}

const makePassword = (): string => randomBytes(18).toString('base64url');

function makeSecrets(): Secrets {
  return {
    postgresPassword: makePassword(),
    databasePasswords: Object.fromEntries(
      APP_ROLES.map((app) => [app, makePassword()]),
    ) as Secrets['databasePasswords'],
    clickhousePassword: makePassword(),
    redisPassword: makePassword(),
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
  const made = makeSecrets();
  const databasePasswords = { ...made.databasePasswords, ...kept?.databasePasswords };
  const secrets = { ...made, ...kept, databasePasswords };
  const text = JSON.stringify(secrets);
  if (text !== JSON.stringify(kept)) writeFileAtomically(file, text);
  chmodSync(file, 0o600);
  return secrets;
}
