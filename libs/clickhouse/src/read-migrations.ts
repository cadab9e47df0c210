import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

export interface Migration {
  /** The file's name without its ending. */
  name: string;
  checksum: string;
  statements: { sql: string; checksum: string }[];
}

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/** The files of `migrations/` in the order of their numbers. */
export async function readMigrations(folder = MIGRATIONS): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) =>
      parseMigration(file.replace(/\.sql$/, ''), await readFile(new URL(file, folder), 'utf8')),
    ),
  );
}

/** Statements end in a semicolon at the end of a line. Checksums are of the text as it is written, whatever the deployment. */
export function parseMigration(name: string, text: string): Migration {
  const statements = text
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((sql) => ({ sql, checksum: checksumOf(sql) }));
  return { name, checksum: checksumOf(text), statements };
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
