import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dev/stripe-sim/main.js', import.meta.url));

/** The simulator as a process of its own, on a port of the system's choice. */
export class StripeSimulator {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  /** Starts it on `dataDirectory` and waits until it listens. */
  static async start(dataDirectory: string): Promise<StripeSimulator> {
    const child = spawn(process.execPath, [MAIN, '--data', dataDirectory], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const first = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(first[0])) throw new Error('the simulator ended before it listened');
    const { url } = JSON.parse(first[0].toString()) as { url: string };
    return new StripeSimulator(child, url);
  }

  /** Plans a fault; see `dev/stripe-sim/faults.ts` for its fields. */
  async addFault(fault: Record<string, string | number>): Promise<void> {
    await this.control('POST', 'faults', fault);
  }

  async advanceClock(seconds: number): Promise<void> {
    await this.control('POST', 'clock', { advance_seconds: seconds });
  }

  async requests(): Promise<
    { method: string; path: string; status: number | null; replayed: boolean }[]
  > {
    const answer = (await this.control('GET', 'requests')) as {
      data: { method: string; path: string; status: number | null; replayed: boolean }[];
    };
    return answer.data;
  }

  /** Empties it: objects, keys, faults, request log. */
  async reset(): Promise<void> {
    await this.control('POST', 'reset');
  }

  /** kill -9 by default. Resolves when the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.kill(signal);
    await exited;
  }

  private async control(method: string, name: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}/_sim/${name}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }
}
