const REMINDER_MS = 5_000;

/** Tells the user which step is running and how long it takes, so that nothing slow looks like nothing at all. */
export class Progress {
  constructor(private readonly write: (line: string) => void = printLine) {}

  say(line: string): void {
    this.write(line);
  }

  /** Runs one step; it is announced, reminded of every five seconds, and closed with its duration. */
  async step<T>(label: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    const reminder = setInterval(() => this.write(`  ...  ${label}: ${seconds()}`), REMINDER_MS);
    try {
      const result = await work();
      this.write(`  ok   ${label} (${seconds()})`);
      return result;
    } finally {
      clearInterval(reminder);
    }
  }
}

/** A closed terminal or pipe must not end the platform in a throw: it is stopped by its signal, in order. */
function printLine(line: string): void {
  if (process.stdout.writable) process.stdout.write(`${line}\n`);
}
