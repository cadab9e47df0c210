import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that can be told from a later one that was given the same pid. */
export interface ProcessIdentity {
  pid: number;
  /** When the process began, as the system tells it; with the pid it names one process and no other. */
  startMark: string;
}

/** The start mark of a live process; undefined when there is none, or only a zombie that nobody has collected. */
function readStartMark(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the command in brackets and may itself hold spaces and brackets.
      const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || state === 'X') return undefined;
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return `${bootId}:${fields[18]}`;
    }
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return started.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Identifies a live process; undefined when it is already gone. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startMark = readStartMark(pid);
  return startMark === undefined ? undefined : { pid, startMark };
}

/** Whether that very process still runs: another program that got its pid does not count. */
export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  return readStartMark(identity.pid) === identity.startMark;
}
