import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  identifyProcess,
  isSameProcessAlive,
  type ProcessIdentity,
} from '../supervision/process-identity.js';
import { writeFileAtomically } from './write-file-atomically.js';

interface Claim extends ProcessIdentity {
  stopping: boolean;
}

/** Another platform lives in this directory. The message tells the user what to do. */
export class DirectoryInUse extends Error {}

const STOP_PATIENCE_MS = 60_000;

/** Makes this process the only platform in a directory; the claim of a process that is dead counts for nothing. */
export class DirectoryClaim {
  private constructor(
    private readonly file: string,
    private readonly identity: ProcessIdentity,
  ) {}

  /** Waits for an earlier platform that is on its way out; throws DirectoryInUse when one is there to stay. */
  static async take(directory: string, say: (line: string) => void): Promise<DirectoryClaim> {
    const file = join(directory, 'supervisor.json');
    const identity = identifyProcess(process.pid);
    if (identity === undefined) throw new Error('cannot read the start time of this process');
    const deadline = Date.now() + STOP_PATIENCE_MS;
    let told = false;
    while (!createExclusively(file, { ...identity, stopping: false })) {
      const other = readClaim(file);
      if (other === undefined || !isSameProcessAlive(other)) {
        rmSync(file, { force: true });
      } else if (!other.stopping || Date.now() > deadline) {
        throw new DirectoryInUse(
          `A platform is already running in ${directory} (process ${other.pid}).\n` +
            `Use it, or stop it with Ctrl-C or \`kill ${other.pid}\`, or start this one elsewhere with --directory <path> and --port-base <port>.`,
        );
      } else {
        if (!told)
          say(`waiting for the earlier platform (process ${other.pid}) to finish stopping`);
        told = true;
        await delay(200);
      }
    }
    return new DirectoryClaim(file, identity);
  }

  /** Lets a start that comes now wait instead of refusing. */
  markStopping(): void {
    writeFileAtomically(this.file, JSON.stringify({ ...this.identity, stopping: true }));
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}

function createExclusively(file: string, claim: Claim): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeSync(descriptor, JSON.stringify(claim));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readClaim(file: string): Claim | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Claim;
  } catch {
    return undefined;
  }
}
