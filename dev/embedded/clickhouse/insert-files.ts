import { mkdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Files that hold the rows of inserts on their way into the engine.
 *
 * The engine ends rows that follow a statement in memory at the first empty line, and drops the rest in silence: binary
 * formats and blank lines would lose rows. From a file it reads every byte, and memory stays bounded.
 */
export class InsertFiles {
  private count = 0;

  /** Empties the directory: files of an earlier process belong to inserts that were never answered. */
  constructor(private readonly directory: string) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  }

  /**
   * Writes the pieces to a new file.
   *
   * @returns its path and size; the caller removes it
   */
  async write(pieces: AsyncIterable<Buffer>): Promise<{ path: string; bytes: number }> {
    this.count += 1;
    const path = join(this.directory, `${this.count}.rows`);
    const file = await open(path, 'wx');
    let bytes = 0;
    try {
      for await (const piece of pieces) {
        await file.writeFile(piece);
        bytes += piece.length;
      }
    } catch (error) {
      await this.remove(path);
      throw error;
    } finally {
      await file.close();
    }
    return { path, bytes };
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}
