import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { identifyProcess, isSameProcessAlive } from './process-identity.js';

describe('process identity', () => {
  it('knows a process from another that has its pid, and a live one from a dead one', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const identity = identifyProcess(child.pid!);
    expect(identity?.pid).toBe(child.pid);
    expect(isSameProcessAlive(identity!)).toBe(true);
    expect(isSameProcessAlive({ pid: child.pid!, startMark: 'another start' })).toBe(false);

    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isSameProcessAlive(identity!)).toBe(false);
    expect(identifyProcess(child.pid!)).toBeUndefined();
  });
});
