/** One line of the report. A ratio compares two figures of the same run. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What limits or qualifies it. */
  note?: string;
}

/** Waits until `isDone` says so; throws after `timeoutMs`. */
export async function until(
  isDone: () => Promise<boolean>,
  timeoutMs: number,
  pollMs = 20,
): Promise<void> {
  const startedAt = performance.now();
  while (!(await isDone())) {
    if (performance.now() - startedAt > timeoutMs)
      throw new Error(`not done after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** User and system CPU seconds of an app so far, as its metrics tell them. */
export async function cpuSecondsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const read = (name: string) =>
    Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return read('process_cpu_user_seconds_total') + read('process_cpu_system_seconds_total');
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The smallest value that at least this share of all values does not exceed: no bins, no interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
