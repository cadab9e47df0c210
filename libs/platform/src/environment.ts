/** `batchSizeMax` is read from `BATCH_SIZE_MAX`. */
export function environmentName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The only place that reads the process environment. Empty values count as absent. */
export function readEnvironment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
