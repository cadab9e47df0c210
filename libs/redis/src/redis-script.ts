import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from './connect-redis.js';

/** A Lua script of this library, sent by its hash; in full when the server does not know it, as after a restart. */
export class RedisScript {
  private readonly source: string;
  private readonly sha: string;

  /** Of several files, each uses the local functions of those before it. */
  constructor(...files: string[]) {
    this.source = files
      .map((file) => readFileSync(new URL(`../scripts/${file}.lua`, import.meta.url), 'utf8'))
      .join('\n');
    this.sha = createHash('sha1').update(this.source).digest('hex');
  }

  async run(redis: Redis, keys: string[], args: string[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(this.source, keys.length, ...keys, ...args);
    }
  }
}
