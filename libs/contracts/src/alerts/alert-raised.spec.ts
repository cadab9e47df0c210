import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type AlertIdentity, alertIdOf, alertOfWatch } from './alert-raised.js';

const identity: AlertIdentity = {
  type: 'budget.breached',
  project: 'p1',
  watch: 'bud_1',
  counterKey: '{"customer":"acme"}',
  windowStart: '2026-11-01T00:00:00.000Z',
  threshold: '100%',
  arming: 4,
};
const TEXT =
  '["budget.breached","p1","bud_1","{\\"customer\\":\\"acme\\"}","2026-11-01T00:00:00.000Z","100%","4"]';
const halfSha256 = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

describe('the id of an alert', () => {
  it('is half the SHA-256 of all that makes two raises the same', () => {
    expect(alertIdOf(identity)).toBe(halfSha256(TEXT));
  });

  it('is another with each of them', () => {
    const ids = Object.keys(identity).map((part) => alertIdOf({ ...identity, [part]: 5 }));
    expect(new Set([alertIdOf(identity), ...ids]).size).toBe(8);
  });
});

describe('the alert of a watch', () => {
  const raised = {
    type: 'budget.breached',
    project: 'p1',
    raised_at: '2026-11-14T09:26:53.120Z',
    raised_by: {
      watch: 'bud_1',
      counter: '{"customer":"acme"}',
      window_start: '2026-11-01T00:00:00.000Z',
      window_end: '2026-12-01T00:00:00.000Z',
      threshold: '100%',
      arming: 4,
    },
    data: { value: '101' },
  };

  it('is what was raised under the id of what happened, whenever and with whatever value', () => {
    expect(alertOfWatch(raised)).toEqual({ v: 1, id: halfSha256(TEXT), ...raised });
    const again = { ...raised, raised_at: '2026-11-15T00:00:00.000Z', data: { value: '102' } };
    expect(alertOfWatch(again).id).toBe(halfSha256(TEXT));
  });

  it('begins with nothing where the watch has no windows', () => {
    const raised_by = { ...raised.raised_by, window_start: null, window_end: null };
    const text = TEXT.replace('2026-11-01T00:00:00.000Z', '');
    expect(alertOfWatch({ ...raised, raised_by }).id).toBe(halfSha256(text));
  });
});
