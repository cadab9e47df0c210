import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  identifyProcess,
  isSameProcessAlive,
  type ProcessIdentity,
} from '../supervision/process-identity.js';
import { writeFileAtomically } from './write-file-atomically.js';

interface RegisteredProcess extends ProcessIdentity {
  name: string;
  stopSignal: NodeJS.Signals;
}

const STOP_PATIENCE_MS = 10_000;

/** Remembers on disk which processes a platform started, so that a start after `kill -9` of the platform finds and ends them. */
export class ProcessRegister {
  private readonly file: string;
  private processes: RegisteredProcess[] = [];

  constructor(directory: string) {
    this.file = join(directory, 'processes.json');
  }

  /** Ends whatever a killed platform left running here and returns the names of what it ended. */
  async endLeftovers(): Promise<string[]> {
    const leftovers = this.read().filter(isSameProcessAlive);
    for (const { pid, stopSignal } of leftovers) {
      process.kill(pid, stopSignal);
      process.kill(pid, 'SIGCONT');
    }
    const deadline = Date.now() + STOP_PATIENCE_MS;
    while (leftovers.some(isSameProcessAlive)) {
      if (Date.now() > deadline) {
        for (const { pid } of leftovers.filter(isSameProcessAlive)) process.kill(pid, 'SIGKILL');
      }
      await delay(50);
    }
    this.clear();
    return leftovers.map(({ name }) => name);
  }

  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = identifyProcess(pid);
    this.remove(name);
    if (identity !== undefined) this.processes.push({ ...identity, name, stopSignal });
    this.write();
  }

  remove(name: string): void {
    this.processes = this.processes.filter((registered) => registered.name !== name);
    this.write();
  }

  clear(): void {
    this.processes = [];
    rmSync(this.file, { force: true });
  }

  private read(): RegisteredProcess[] {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as RegisteredProcess[];
    } catch {
      return [];
    }
  }

  private write(): void {
    writeFileAtomically(this.file, JSON.stringify(this.processes));
  }
}
