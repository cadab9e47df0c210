/** `kafkaBrokers` is read from `KAFKA_BROKERS`. */
export function environmentName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The only place that reads the process environment. Empty values count as absent. */
export function readEnvironment(property: string): string | undefined {
  const value = process.env[environmentName(property)];
  return value === '' ? undefined : value;
}
