import { expect, test } from '@jest/globals';
import { writeConfirmation } from './write-confirmation.js';

test('a mail that asks for an address says who asks, for what, how to agree, and that silence is a no', () => {
  const { subject, text } = writeConfirmation({
    id: 'a1',
    type: 'endpoint.confirm',
    sequence: 1n,
    raisedAt: new Date(0),
    data: { code: '493-221', name: 'Buy at evil.example' },
  });
  expect(subject).toMatch(/^Confirm .*alerts/);
  const [who, gap, how, , silence, end] = text.split('\n');
  expect(who).toMatch(/alerts of Reckoner.* to this address/);
  expect([gap, end]).toEqual(['', '']);
  expect(how).toMatch(/: 493-221$/);
  expect(silence).toMatch(/a day.*do nothing/);
  // It is no way to send one's own words to others.
  expect(`${subject}${text}`).not.toContain('evil');
});
