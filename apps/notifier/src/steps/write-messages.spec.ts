import { describe, expect, it } from '@jest/globals';
import { describeAlert } from './describe-alert.js';
import { writeEmail, writeSlackMessage, writeWebhookBody } from './write-messages.js';

const alertOf = (data: Record<string, unknown>) => ({
  id: 'a1',
  type: 'budget.breached',
  sequence: 7n,
  raisedAt: new Date(0),
  data,
});
const slack = (data: Record<string, unknown>) =>
  JSON.parse(writeSlackMessage(describeAlert(alertOf(data)))) as {
    text: string;
    blocks: { type: string; text: { type: string; text: string; verbatim?: boolean } }[];
  };

describe('what Slack shows of an alert', () => {
  it('is verbatim: what a customer named gives no link and no mention', () => {
    const { blocks } = slack({ name: 'n', customer: '@here see evil.example/pay <!channel>' });
    const sections = blocks.filter(({ type }) => type === 'section');
    expect(sections).toHaveLength(2);
    for (const { text } of sections) expect(text).toMatchObject({ type: 'mrkdwn', verbatim: true });
    expect(sections[1]?.text.text).toContain(
      '*customer*: @here see evil.example/pay &lt;!channel&gt;',
    );
  });

  it('is a header, what it is about and its facts, as blocks and as text', () => {
    const message = slack({ name: 'R&D <x>', limit: '1' });
    const summary =
      'A counter of a budget reached its limit, or still is above it when a reminder is due.';
    const markdown = (text: string) => ({
      type: 'section',
      text: { type: 'mrkdwn', text, verbatim: true },
    });
    expect(message).toEqual({
      text: `budget.breached: R&amp;D &lt;x&gt;\n${summary}`,
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'budget.breached: R&D <x>' } },
        markdown(summary),
        markdown('*name*: R&amp;D &lt;x&gt;\n*limit*: 1'),
      ],
    });
    expect(slack({}).blocks).toHaveLength(2);
  });

  it('keeps to what Slack takes: 150 characters of a header, 3,000 of a section', () => {
    const { blocks } = slack({ name: 'x'.repeat(5_000) });
    expect(blocks.map(({ text }) => text.text.length)).toEqual([150, expect.any(Number), 3_000]);
  });

  it('holds no control characters, and each value is one line', () => {
    const message = slack({
      name: 'Ac\u0007me\u202e txt',
      customer: 'a\r\n*limit*: 0\u0000\u001b[31m',
      counter: { tag: 'x\u2066y' },
    });
    expect(message.blocks[0]?.text.text).toBe('budget.breached: Ac me txt');
    expect(message.blocks[2]?.text.text.split('\n')).toEqual([
      '*name*: Ac me txt',
      '*customer*: a *limit*: 0 [31m',
      '*counter*: {"tag":"x y"}',
    ]);
  });
});

describe('an e-mail of an alert', () => {
  it('has a line for each fact, whatever its value holds', () => {
    const { subject, text } = writeEmail(
      describeAlert(alertOf({ name: 'Acme\r\nBcc: x@example.com', customer: 'a\nlimit: 0' })),
    );
    expect(subject).toBe('budget.breached: Acme Bcc: x@example.com');
    expect(text.split('\n')).toEqual([
      'A counter of a budget reached its limit, or still is above it when a reminder is due.',
      '',
      'name: Acme Bcc: x@example.com',
      'customer: a limit: 0',
      '',
    ]);
  });

  it('has a subject of 200 characters at most', () => {
    const { subject } = writeEmail(describeAlert(alertOf({ name: 'x'.repeat(300) })));
    expect(subject).toBe(`budget.breached: ${'x'.repeat(183)}`);
  });

  it('has a subject in one line, whoever described the alert', () => {
    expect(writeEmail({ title: 'a\r\n  b', summary: 's', facts: [] }).subject).toBe('a b');
  });
});

describe('the body of a webhook', () => {
  it('is the alert with its place among those of its project', () => {
    expect(writeWebhookBody(alertOf({ name: 'n' }))).toBe(
      '{"id":"a1","type":"budget.breached","timestamp":"1970-01-01T00:00:00.000Z","sequence":7,"data":{"name":"n"}}',
    );
  });
});

describe('an alert in words', () => {
  it('has what is known: no name, no nulls, numbers as they are', () => {
    const data = { score: 1.5, window_start: null, reminder: false };
    expect(describeAlert(alertOf(data))).toMatchObject({
      title: 'budget.breached',
      facts: [
        ['score', '1.5'],
        ['reminder', 'false'],
      ],
    });
    expect(describeAlert(alertOf({ name: 7 })).title).toBe('budget.breached');
  });

  it('of a type that this version does not know is told by the type', () => {
    const { summary } = describeAlert({ ...alertOf({}), type: 'planet.lost' });
    expect(summary).toBe('planet.lost');
  });

  it('has names in one line as well, without space around', () => {
    expect(describeAlert(alertOf({ 'a\nb': ' c\u2028\u200b d ' })).facts).toEqual([['a b', 'c d']]);
  });
});
