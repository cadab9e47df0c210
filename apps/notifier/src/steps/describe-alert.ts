import { EVENT_TYPES } from '#contracts';
import type { DueDelivery } from '#postgres';

export interface AlertDescription {
  title: string;
  summary: string;
  /** Name and value of each thing that the alert's data says. */
  facts: [name: string, value: string][];
}

/** An alert in words, for channels that people read. */
export function describeAlert({ type, data }: DueDelivery['alert']): AlertDescription {
  const summary = EVENT_TYPES.find((eventType) => eventType.type === type)?.summary ?? type;
  const name = typeof data['name'] === 'string' ? `: ${data['name']}` : '';
  const facts = Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  return { title: `${type}${name}`, summary, facts };
}
