import { describe, expect, it } from '@jest/globals';
import { Repetition } from './repetition.js';

describe('a repetition', () => {
  it('goes on behind a failure, which it tells', async () => {
    const { promise: third, resolve } = Promise.withResolvers<void>();
    const failures: unknown[] = [];
    let times = 0;
    const repetition = new Repetition({
      work: () => {
        times += 1;
        if (times === 3) resolve();
        return times === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
      },
      everyMs: 1,
      failed: (error) => failures.push(error),
    });
    await third;
    await repetition.stop();
    expect(failures).toEqual([new Error('away')]);
  });

  it('stops in a pause at once, and begins nothing more', async () => {
    let times = 0;
    const work = () => Promise.resolve(void (times += 1));
    const repetition = new Repetition({
      work,
      firstMs: 600_000,
      everyMs: 1,
      failed: () => undefined,
    });
    await repetition.stop();
    expect(times).toBe(0);
  });

  it('waits for what is under way, which is told, and never begins it twice', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const seen: string[] = [];
    const repetition = new Repetition({
      work: async (isStopped) => {
        seen.push(`begun ${isStopped()}`);
        begin();
        await ended;
        seen.push(`ended ${isStopped()}`);
      },
      everyMs: 0,
      failed: () => undefined,
    });
    await begun;
    const stopped = repetition.stop().then(() => seen.push('stopped'));
    end();
    await stopped;
    expect(seen).toEqual(['begun false', 'ended true', 'stopped']);
  });
});
