import { EVENT_TYPES } from '#contracts';
import type { DueDelivery } from '#postgres';

export interface AlertDescription {
  title: string;
  summary: string;
  /** Name and value of each thing that the alert's data says. */
  facts: [name: string, value: string][];
}

/** What moves the cursor, hides text or turns its direction: nothing that a person reads has a use for it. */
const CONTROL = /[\s\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gu;

/** An alert in words, for channels that people read. Each text is one line, without control characters. */
export function describeAlert({ type, data }: DueDelivery['alert']): AlertDescription {
  const summary = EVENT_TYPES.find((eventType) => eventType.type === type)?.summary ?? type;
  const name = typeof data['name'] === 'string' ? `: ${oneLine(data['name'])}` : '';
  const facts = Object.entries(data)
    .filter(([, value]) => value !== null)
    .map(([key, value]): [string, string] => [
      oneLine(key),
      oneLine(typeof value === 'string' ? value : JSON.stringify(value)),
    ]);
  return { title: `${type}${name}`, summary, facts };
}

function oneLine(text: string): string {
  return text.replaceAll(CONTROL, ' ').trim();
}
