import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** One row set or, with `value` null, removed. */
export interface Change {
  table: string;
  readonly id: string;
  readonly value: unknown;
}

/**
 * An append-only file, one line for each committed request.
 * `append` returns only after fsync, so what was answered survives kill -9. A last line cut short by a crash was never
 * answered, and is cut off; damage anywhere else stops the start, since guessing would invent money.
 */
export class Journal {
  private constructor(
    private readonly file: number,
    private size: number,
  ) {}

  /** Opens `directory`'s journal, making it when missing, and gives every change in it, oldest first. */
  static open(directory: string): { journal: Journal; changes: Change[] } {
    mkdirSync(directory, { recursive: true });
    const path = join(directory, 'journal.jsonl');
    const text = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const whole = text.subarray(0, text.lastIndexOf(0x0a) + 1);
    const changes = whole.toString('utf8').split('\n').slice(0, -1).flatMap(parseLine(path));
    const file = openSync(path, 'a');
    ftruncateSync(file, whole.length);
    fsyncSync(file);
    syncDirectory(directory);
    return { journal: new Journal(file, whole.length), changes };
  }

  append(changes: readonly Change[]): void {
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    try {
      let written = 0;
      while (written < line.length) written += writeSync(this.file, line, written);
      fsyncSync(this.file);
      this.size += line.length;
    } catch (error) {
      // A line half written must not stay in front of the next one.
      ftruncateSync(this.file, this.size);
      throw error;
    }
  }

  clear(): void {
    ftruncateSync(this.file, 0);
    fsyncSync(this.file);
    this.size = 0;
  }

  close(): void {
    closeSync(this.file);
  }
}

const parseLine =
  (path: string) =>
  (line: string, index: number): Change[] => {
    try {
      return JSON.parse(line) as Change[];
    } catch (cause) {
      throw new Error(`${path} is damaged at line ${index + 1}`, { cause });
    }
  };

/** A new file's name is durable only when its directory is. */
function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
