import type { AlertDescription } from './describe-alert.js';

/** Limits of Slack's blocks, in characters. */
const HEADER_MAX = 150;
const SECTION_MAX = 3_000;

/** The body that Slack's incoming webhooks take, and what speaks their language. */
export function writeSlackMessage({ title, summary, facts }: AlertDescription): string {
  const lines = facts.map(([name, value]) => `*${name}*: ${escapeText(value)}`);
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
  return { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, SECTION_MAX) } };
}

/** What Slack would take for a mention or a link stays text. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
