import { describe, expect, it } from '@jest/globals';
import { describeAlert } from './describe-alert.js';
import { writeEmail, writeSlackMessage } from './write-messages.js';

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
    expect(text.split('\n').slice(2, 4)).toEqual([
      'name: Acme Bcc: x@example.com',
      'customer: a limit: 0',
    ]);
  });
});
