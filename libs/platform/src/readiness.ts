import { withDeadline } from './with-deadline.js';

/** Null when ready, else what is missing, for a person to read. */
export type ReadinessCheck = () => string | null | Promise<string | null>;

const CHECK_TIMEOUT_MS = 2_000;

/** What must hold before this process is sent work. Each part of an app registers its own check. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  register(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** The checks that fail now, with their reasons. */
  async failures(): Promise<Record<string, string>> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const),
    );
    return Object.fromEntries(
      results.filter((result): result is [string, string] => result[1] !== null),
    );
  }
}

async function outcomeOf(check: ReadinessCheck): Promise<string | null> {
  try {
    return await withDeadline(check, CHECK_TIMEOUT_MS, 'no answer');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
