import { describe, expect, it } from '@jest/globals';
import { someBudget } from '#samples';
import { type Budget, compileBudget, limitsOf } from '#watches';
import type { CounterDelta } from './count-items.js';
import { groupsOf, recheckOf } from './counter-group.js';

const budget = (change: Partial<Budget> = {}): Budget =>
  someBudget({
    per: ['customer'],
    limit: '4',
    window: { kind: 'calendar', unit: 'hour', time_zone: 'UTC' },
    armed_at: '2026-11-02T10:30:00.000Z',
    ...change,
  });
const NOW = Date.parse('2026-11-02T12:10:00.000Z');

/** Five events in the hour of `eventTime` that were received by `receivedAt`. */
function delta(eventTime: string, receivedAt: string, change?: Partial<Budget>): CounterDelta {
  const compiled = compileBudget(budget(change));
  return {
    compiled,
    window: compiled.windows.of(Date.parse(eventTime)),
    key: JSON.stringify({ customer: receivedAt }),
    amount: 5n,
    events: 5,
    bins: new Map(),
    eventTime,
    receivedAt,
  };
}

/** The hours, each with the names of the thresholds that it is held against. */
const thresholds = (deltas: CounterDelta[], anew: boolean) =>
  groupsOf(deltas, NOW, { anew }).map((group) => [
    new Date(group.windowStartMs).toISOString().slice(11, 16),
    group.thresholds.map(({ name }) => name),
    group.steps.length,
  ]);

describe('groupsOf', () => {
  const before = '2026-11-02T10:29:59.999Z';
  const late = '2026-11-02T10:30:00.000Z';

  it('of what is counted anew are quiet where a window had ended, and all was there, before the limits came', () => {
    const ended = delta('2026-11-02T09:59:59.999Z', before);
    const open = delta('2026-11-02T10:00:00.000Z', before);
    expect(thresholds([ended, open], true)).toEqual([
      ['09:00', [], 1],
      ['10:00', ['100%'], 1],
    ]);
    expect(thresholds([ended, open], false)).toEqual([
      ['09:00', ['100%'], 1],
      ['10:00', ['100%'], 1],
    ]);
  });

  it('tell of what came late into such a window, behind all that is quiet in it', () => {
    const { compiled, ...ended } = delta('2026-11-02T09:00:00.000Z', before);
    const added = { ...ended, compiled, receivedAt: late, key: '{"customer":"late"}' };
    expect(thresholds([added, { ...ended, compiled }], true)).toEqual([
      ['09:00', [], 1],
      ['09:00', ['100%'], 1],
    ]);
  });

  it('go by the end of a raise once it is over', () => {
    const raise = { limit: '8', until: '2026-11-02T12:00:00.000Z' };
    const eleven = delta('2026-11-02T11:00:00.000Z', '2026-11-02T11:30:00.000Z', { raise });
    expect(thresholds([eleven], true)).toEqual([['11:00', [], 1]]);
    const still = { ...raise, until: '2026-11-02T12:30:00.000Z' };
    const lasting = delta('2026-11-02T11:00:00.000Z', '2026-11-02T11:30:00.000Z', { raise: still });
    expect(thresholds([lasting], true)).toEqual([['11:00', ['100%'], 1]]);
  });
});

describe('recheckOf', () => {
  const former = limitsOf(compileBudget(budget()), NOW).revision;
  const recheck = (change: Partial<Budget>) => {
    const compiled = compileBudget(budget({ arming: 2, limit: '9', ...change }));
    return recheckOf(compiled, compiled.windows.of(NOW), former, NOW).slice(1_000);
  };

  it('knows the former limit, so that a higher one brings recoveries', () => {
    expect(recheck({}).recheck?.former).toEqual({ arming: 1, limit: 4n });
  });

  it('tells of no recovery while the budget is suspended', () => {
    const { recheck: asked, thresholds: held } = recheck({ suspended: true });
    expect([asked?.former, held]).toEqual([null, []]);
  });
});
