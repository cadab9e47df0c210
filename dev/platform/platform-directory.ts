import { mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository-root.js';

/** Where one platform keeps everything it writes. */
export class PlatformDirectory {
  readonly path: string;

  constructor(path: string) {
    mkdirSync(path, { recursive: true });
    this.path = realpathSync(path);
    mkdirSync(this.data, { recursive: true });
    mkdirSync(this.logs, { recursive: true });
  }

  /** One folder an engine; deleted by `--fresh`. */
  get data(): string {
    return join(this.path, 'data');
  }

  get logs(): string {
    return join(this.path, 'logs');
  }

  get platformFile(): string {
    return join(this.path, 'platform.json');
  }

  /** Passwords and keys made here; they live and die with the data. */
  get secretsFile(): string {
    return join(this.data, 'secrets.json');
  }

  dataOf(name: string): string {
    return join(this.data, name);
  }

  /** Deletes the data of all engines. They go at once, by a rename: a half-deleted set would look like data. */
  deleteData(): void {
    const doomed = `${this.data}.deleted`;
    rmSync(doomed, { recursive: true, force: true });
    renameSync(this.data, doomed);
    mkdirSync(this.data);
    rmSync(doomed, { recursive: true, force: true });
  }

  logOf(name: string): string {
    return join(this.logs, `${name}.log`);
  }
}

/** Shared by every platform of this checkout: what is fetched once and never written again. */
export const cacheDirectory = join(repositoryRoot, '.reckoner', 'cache');
