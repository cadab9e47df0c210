import type { DueDelivery } from '#postgres';
import type { AlertDescription } from './describe-alert.js';

/** The body of a webhook. The same alert gives the same bytes on every attempt. */
export function writeWebhookBody({
  id,
  type,
  sequence,
  raisedAt,
  data,
}: DueDelivery['alert']): string {
  const timestamp = raisedAt.toISOString();
  return JSON.stringify({ id, type, timestamp, sequence: Number(sequence), data });
}

/** Limits of Slack's blocks, in characters. */
const HEADER_MAX = 150;
const SECTION_MAX = 3_000;

/** The body that Slack's incoming webhooks take, and what speaks their language. */
export function writeSlackMessage({ title, summary, facts }: AlertDescription): string {
  const lines = facts.map(([name, value]) => `*${escapeText(name)}*: ${escapeText(value)}`);
  return JSON.stringify({
    text: `${escapeText(title)}\n${summary}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title.slice(0, HEADER_MAX) } },
      section(summary),
      ...(lines.length > 0 ? [section(lines.join('\n'))] : []),
    ],
  });
}

function section(text: string) {
  // Verbatim: Slack makes no links or mentions of what only looks like one.
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, SECTION_MAX), verbatim: true },
  };
}

/** What Slack would take for a mention or a link stays text. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

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
