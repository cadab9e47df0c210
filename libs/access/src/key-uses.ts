import type { Logger } from '#platform';

const WRITE_EVERY_MS = 60_000;
const KEYS_A_WRITE_MAX = 1_000;

export interface KeyUse {
  id: string;
  at: Date;
}

/**
 * Remembers when each key was used last and writes it once a minute, off the way of every request. What could not be written is
 * written with the next; a crash loses the last minute's, and nothing rests on it.
 */
export class KeyUses {
  private used = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;
  private writing = Promise.resolve();

  constructor(
    private readonly write: (uses: KeyUse[]) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), WRITE_EVERY_MS);
  }

  note(keyId: string): void {
    this.used.set(keyId, new Date());
  }

  /** Writes what is still remembered. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private flush(): Promise<void> {
    this.writing = this.writing.then(() => this.writeAll());
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    const uses = [...this.used].map(([id, at]) => ({ id, at }));
    this.used = new Map();
    for (let start = 0; start < uses.length; start += KEYS_A_WRITE_MAX) {
      const slice = uses.slice(start, start + KEYS_A_WRITE_MAX);
      try {
        await this.write(slice);
      } catch (error) {
        this.logger.warn({ err: error }, 'when keys were used last could not be written');
        for (const { id, at } of slice) if (!this.used.has(id)) this.used.set(id, at);
      }
    }
  }
}
