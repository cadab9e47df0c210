import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 50;

/** A command as a terminal runs it in the foreground: a process group of its own, which Ctrl-C reaches as a whole. */
export class ForegroundCommand {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  constructor(command: string, env: Record<string, string> = {}) {
    this.child = spawn('bash', ['-c', `exec ${command}`], {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (data: Buffer) => (this.output += data.toString('utf8')));
  }

  /** Waits until the command has printed `text`. Throws with all that it printed when it ends or takes longer. */
  async waitForText(text: string, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.output.includes(text)) {
      if (this.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`"${text}" was not printed, but:\n${this.output}`);
      await delay(PAUSE_MS);
    }
  }

  /** Presses Ctrl-C and waits until the command and everything that holds its output is gone. */
  async interrupt(): Promise<void> {
    if (this.child.exitCode === null) process.kill(-this.child.pid!, 'SIGINT');
    await this.ended;
  }

  /** Whether any process of its group is left. */
  hasGroup(): boolean {
    try {
      process.kill(-this.child.pid!, 0);
      return true;
    } catch {
      return false;
    }
  }
}
