import type { AlertDescription } from './describe-alert.js';

export interface Email {
  subject: string;
  text: string;
}

const SUBJECT_MAX = 200;

export function writeEmail({ title, summary, facts }: AlertDescription): Email {
  const lines = facts.map(([name, value]) => `${name}: ${value}`);
  const subject = title.replaceAll(/\s+/g, ' ').slice(0, SUBJECT_MAX);
  return { subject, text: [summary, '', ...lines, ''].join('\n') };
}
