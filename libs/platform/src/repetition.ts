import { setTimeout as sleep } from 'node:timers/promises';

export interface RepeatedWork {
  /** One time of it. Asked again and again it stops early when it is told that all is to end. */
  work: (isStopped: () => boolean) => Promise<void>;
  /** From the start to the first time. Default 0. */
  firstMs?: number;
  /** From the end of one time to the next. */
  everyMs: number;
  /** Told of a time that threw: the next one covers it. */
  failed: (error: unknown) => void;
}

/** Work by a clock of its own, from now until `stop`: never two times of it at once. */
export class Repetition {
  private readonly stopped = new AbortController();
  private readonly times: Promise<void>;

  constructor(repeated: RepeatedWork) {
    this.times = this.repeat(repeated);
  }

  /** Resolves when the time under way has ended; a pause ends at once. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.times;
  }

  private async repeat({ work, firstMs = 0, everyMs, failed }: RepeatedWork): Promise<void> {
    const { signal } = this.stopped;
    for (let pauseMs = firstMs; ; pauseMs = everyMs) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await work(() => signal.aborted).catch(failed);
    }
  }
}
