/** How long a handler may take while its membership is kept alive for it. Behind that it hangs, and others take over. */
const HANDLER_MS_MAX = 60_000;

interface Handling {
  since: number;
  heartbeat(): Promise<void>;
}

/** The handlers that are at work now. The client sends no heartbeat while one of them is. */
export class HandlersInFlight {
  private readonly handlings = new Map<Promise<void>, Handling>();

  get isEmpty(): boolean {
    return this.handlings.size === 0;
  }

  /** Settles as the handling does. */
  async track(handling: Promise<void>, heartbeat: () => Promise<void>): Promise<void> {
    this.handlings.set(handling, { since: Date.now(), heartbeat });
    await handling.finally(() => this.handlings.delete(handling));
  }

  /** One heartbeat, which is for the whole membership. Never throws: the client finds out once the handler is done. */
  async keepAlive(): Promise<void> {
    const alive = [...this.handlings.values()].find(
      ({ since }) => Date.now() - since < HANDLER_MS_MAX,
    );
    await alive?.heartbeat().catch(() => undefined);
  }

  /** Settles when every handler that is at work now is done. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.handlings.keys());
  }
}
