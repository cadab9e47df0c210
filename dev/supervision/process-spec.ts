/** One start of a program. */
export interface Command {
  file: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  /** Set when the program must not run as the user who started the platform. */
  uid?: number;
  gid?: number;
}

/** A long-running program and how to treat it. */
export interface ProcessSpec {
  name: string;
  logFile: string;
  /** Asked before every start, so that a restart can first clear what a killed predecessor left behind. */
  command: () => Promise<Command>;
  /** Whether the program answers; asked again and again until it does. */
  isReady: () => Promise<boolean>;
  stopSignal: NodeJS.Signals;
  /** After this long the stop becomes a SIGKILL. */
  stopTimeoutMs: number;
}
