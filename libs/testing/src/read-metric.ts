const ANSWER_MS_MAX = 10_000;

/**
 * A metric of the process whose metrics are at `metricsUrl`: the sum over its labels, or over those that read like `label`.
 * 0 where it has none. Throws when the process does not answer in time.
 */
export async function readMetric(metricsUrl: string, name: string, label = ''): Promise<number> {
  const text = await readMetrics(`${metricsUrl}/metrics`);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter((line) => line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

async function readMetrics(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return await response.text();
  } catch (error) {
    throw new Error(`no metrics at ${url}`, { cause: error });
  }
}
