/** Redis, where every door learns of it within a fraction of a second, and where it ends by itself. */
export interface PaceWritePort {
  set(project: string, eventsPerSecond: number): Promise<void>;
}

/** The only place that sets paces, a call for each project: said again for as long as it holds. */
export class PacingSink {
  constructor(private readonly paces: PaceWritePort) {}

  async write(paces: ReadonlyMap<string, number>): Promise<void> {
    const writes = [...paces].map(([project, pace]) => this.paces.set(project, pace));
    await Promise.all(writes);
  }
}
