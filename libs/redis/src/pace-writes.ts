import type { Redis } from './connect-redis.js';
import { RedisScript } from './redis-script.js';

/** A project's pace ends by itself when nobody sets it again. */
const KEPT_MS = 3_000;

/** Where the paces of a project are, by who set them. */
export const paceKey = (project: string): string => `{${project}}:pace`;

/** Says how many events a second of a project are taken while it keeps others waiting. The slowest that was set holds. */
export class PaceWrites {
  private readonly script = new RedisScript('set-pace');

  /** @param setter one for each process, so that none takes back what another set. */
  constructor(
    private readonly redis: Redis,
    private readonly setter: string,
  ) {}

  async set(project: string, eventsPerSecond: number): Promise<void> {
    const args = [this.setter, String(eventsPerSecond), String(KEPT_MS)];
    await this.script.run(this.redis, [paceKey(project)], args);
  }
}
