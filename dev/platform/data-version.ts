import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The layout of a data directory. Raise it when that changes and older data cannot be used as it is; tables change by migrations. */
export const dataVersion = 1;

/** The data is not of a version that this code can use. The message names both and the cure. */
export class DataVersionRefused extends Error {}

/** Decides about the version found beside data: undefined when it may be used, otherwise why not and what to do. */
export function refuseDataVersion(found: string, directory: string): string | undefined {
  if (found === String(dataVersion)) return undefined;
  const startAnew = 'or begin anew with: npm start -- --fresh (this deletes the data)';
  if (!/^[1-9]\d*$/.test(found)) {
    return `The data in ${directory} has no version that can be read (${JSON.stringify(found)}). Move it away, ${startAnew}.`;
  }
  return (
    `The data in ${directory} is of version ${found}; this code reads version ${dataVersion}. ` +
    `Check out the commit that wrote it, ${startAnew}.`
  );
}

/** Records the version in an empty directory and checks it in any other; throws DataVersionRefused. */
export function checkDataVersion(directory: string, dataDirectory: string): void {
  const file = join(directory, 'data-version');
  if (readdirSync(dataDirectory).length === 0) {
    writeFileSync(file, `${dataVersion}\n`);
    return;
  }
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'none';
  const refusal = refuseDataVersion(found, directory);
  if (refusal !== undefined) throw new DataVersionRefused(refusal);
}
