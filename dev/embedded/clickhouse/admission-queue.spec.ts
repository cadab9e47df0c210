import { describe, expect, it } from '@jest/globals';
import { AdmissionQueue, type Lane } from './admission-queue.js';

const NEVER_GONE = new AbortController().signal;

function setUp(slowAfterMs: number) {
  const queue = new AdmissionQueue({ quick: 1, slow: 1, waiting: 3, slowAfterMs });
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const run = (name: string, lane: Lane = 'read', gone = NEVER_GONE): Promise<void> =>
    queue.run(lane, gone, () => {
      started.push(name);
      return new Promise((resolve) => finish.set(name, resolve));
    });
  return { queue, started, run, end: (name: string) => finish.get(name)?.() };
}

const FAR_AWAY_MS = 60_000;

describe('AdmissionQueue', () => {
  it('takes reads and writes in turns', async () => {
    const { started, run, end } = setUp(FAR_AWAY_MS);
    const all = [run('r1'), run('r2'), run('r3'), run('w1', 'write')];
    for (const name of ['r1', 'w1', 'r2', 'r3']) {
      await new Promise(setImmediate);
      end(name);
    }
    await Promise.all(all);
    expect(started).toEqual(['r1', 'w1', 'r2', 'r3']);
  });

  it('turns away the statement that finds the queue full', async () => {
    const { run, end, queue } = setUp(FAR_AWAY_MS);
    const all = [run('a'), run('b'), run('c'), run('d')];
    await expect(run('e')).rejects.toMatchObject({ code: 202 });
    expect(queue.size).toBe(4);
    for (const name of ['a', 'b', 'c', 'd']) {
      await new Promise(setImmediate);
      end(name);
    }
    await Promise.all(all);
    expect(queue.size).toBe(0);
  });

  it('lets the next one in when a statement turns out slow', async () => {
    const { started, run, end, queue } = setUp(5);
    const slow = run('slow');
    const quick = run('quick');
    while (!started.includes('quick')) await new Promise(setImmediate);
    end('quick');
    await quick;
    expect(queue.size).toBe(1);
    end('slow');
    await slow;
    expect(queue.size).toBe(0);
  });

  it('drops a waiting statement whose client left', async () => {
    const { started, run, end } = setUp(FAR_AWAY_MS);
    const gone = new AbortController();
    const first = run('first');
    const left = run('left', 'read', gone.signal);
    const last = run('last');
    gone.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    end('first');
    await first;
    await new Promise(setImmediate);
    end('last');
    await last;
    expect(started).toEqual(['first', 'last']);
  });
});
