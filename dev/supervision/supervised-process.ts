import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, writeSync } from 'node:fs';
import { BackOff } from './back-off.js';
import { openLogFile } from './log-file.js';
import type { Command, ProcessSpec } from './process-spec.js';

/** How one run ended; `reason` is set when the program could not be started at all. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  reason?: string;
}

interface SupervisedProcessEvents {
  started: [pid: number];
  /** `restartInMs` is undefined when the end was asked for. */
  exited: [exit: ProcessExit, restartInMs: number | undefined];
}

/** Keeps one program running: whenever it ends unasked it is started again, after a back-off and without end. */
export class SupervisedProcess extends EventEmitter<SupervisedProcessEvents> {
  /** How many times the program has been started. */
  starts = 0;
  private child: ChildProcess | undefined;
  private wanted = false;
  private restartTimer: NodeJS.Timeout | undefined;
  private launching: Promise<void> | undefined;
  private backOff = new BackOff();
  private extraEnv: Record<string, string> = {};
  private firstRunEnv: Record<string, string> = {};

  constructor(readonly spec: ProcessSpec) {
    super();
  }

  get name(): string {
    return this.spec.name;
  }

  /** The program's own pid; undefined while it is not running. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts the program and keeps it started. `firstRunEnv` is seen by the first run only, not by its restarts. */
  async start(env: Record<string, string> = {}, firstRunEnv: Record<string, string> = {}) {
    if (this.wanted) return;
    this.wanted = true;
    this.backOff = new BackOff();
    this.extraEnv = env;
    this.firstRunEnv = firstRunEnv;
    await this.launch();
  }

  /** Ends the program with its stop signal, by SIGKILL when that takes too long, and leaves it ended. */
  async stop(): Promise<void> {
    this.wanted = false;
    clearTimeout(this.restartTimer);
    await this.launching;
    const child = this.child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill(this.spec.stopSignal);
    // A program that was paused could not act on the signal.
    child.kill('SIGCONT');
    const hardStop = setTimeout(() => child.kill('SIGKILL'), this.spec.stopTimeoutMs);
    await gone;
    clearTimeout(hardStop);
  }

  /** Sends a signal as an outsider would: what it ends is started again. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child?.kill(signal);
  }

  private launch(): Promise<void> {
    this.launching = this.spawnOnce().finally(() => (this.launching = undefined));
    return this.launching;
  }

  private async spawnOnce(): Promise<void> {
    const startedAt = Date.now();
    try {
      const command = await this.spec.command();
      if (!this.wanted) return;
      const child = this.spawnCommand(command);
      await once(child, 'spawn');
      this.child = child;
      child.once('exit', (code, signal) => this.onExit(child, { code, signal }, startedAt));
      this.starts += 1;
      this.emit('started', child.pid!);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.afterEnd({ code: null, signal: null, reason }, startedAt);
    }
  }

  private spawnCommand(command: Command): ChildProcess {
    const log = openLogFile(this.spec.logFile);
    writeSync(log, `--- ${new Date().toISOString()} starting ${this.name}\n`);
    const env = { ...command.env, ...this.extraEnv, ...this.firstRunEnv };
    this.firstRunEnv = {};
    try {
      // The descriptor goes straight to the program: its output does not depend on the supervisor being alive.
      // A session of its own keeps the terminal's Ctrl-C from reaching engines before the apps have drained.
      return spawn(command.file, command.args, {
        cwd: command.cwd,
        env,
        uid: command.uid,
        gid: command.gid,
        detached: true,
        stdio: ['ignore', log, log],
      });
    } finally {
      closeSync(log);
    }
  }

  private onExit(child: ChildProcess, exit: ProcessExit, startedAt: number): void {
    this.child = undefined;
    killProcessGroup(child.pid!);
    this.afterEnd(exit, startedAt);
  }

  private afterEnd(exit: ProcessExit, startedAt: number): void {
    if (!this.wanted) {
      this.emit('exited', exit, undefined);
      return;
    }
    const delayMs = this.backOff.delayAfterRun(Date.now() - startedAt);
    this.restartTimer = setTimeout(() => void this.launch(), delayMs);
    this.emit('exited', exit, delayMs);
  }
}

/** Ends what a dead program left running in its group. */
function killProcessGroup(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left, as it should be.
  }
}
