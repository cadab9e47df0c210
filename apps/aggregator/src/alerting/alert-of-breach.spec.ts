import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '#contracts';
import type { OpenBreach } from '#postgres';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { recoveryOf, reminderOf } from './alert-of-breach.js';

const RAISED = Date.parse('2026-11-21T17:00:00.000Z');
const HOUR_MS = 3_600_000;

const breach: OpenBreach = {
  project: 'p1',
  watch: 'bud_1',
  counter: '{"customer":"acme"}',
  windowStart: new Date('2026-11-01T00:00:00.000Z'),
  windowEnd: new Date('2026-12-01T00:00:00.000Z'),
  arming: 3,
  raisedAt: new Date(RAISED),
  acknowledged: false,
  data: {
    budget: 'bud_1',
    name: 'Acme, monthly',
    on: 'cost',
    counter: { customer: 'acme' },
    customer: 'acme',
    limit: '100',
    value: '100.0125',
    window_start: '2026-11-01T00:00:00.000Z',
    window_end: '2026-12-01T00:00:00.000Z',
    threshold: '100%',
    event_time: '2026-11-21T16:59:59.990Z',
    reminder: false,
  },
};

const problems = ({ type, data }: { type: string; data: Record<string, unknown> }) => {
  const ajv = new Ajv2020({ allowUnionTypes: true });
  const { schema } = EVENT_TYPES.find((eventType) => eventType.type === type)!;
  return ajv.validate(schema, data) ? null : ajv.errorsText();
};

describe('the recovery at the end of a window', () => {
  it('has the numbers of the breach, the window as its cause, and an id of its own', () => {
    const endMs = breach.windowEnd!.getTime();
    const recovery = recoveryOf(breach, endMs + 700);
    expect(recovery).toMatchObject({
      project: 'p1',
      type: 'budget.recovered',
      raised_at: '2026-12-01T00:00:00.700Z',
      raised_by: {
        watch: 'bud_1',
        counter: '{"customer":"acme"}',
        window_start: '2026-11-01T00:00:00.000Z',
        window_end: '2026-12-01T00:00:00.000Z',
        threshold: 'window',
        arming: 3,
      },
      data: { cause: 'window', value: '100.0125', limit: '100' },
    });
    expect(Object.keys(recovery.data)).not.toContain('threshold');
    expect(problems(recovery)).toBeNull();
    expect(recoveryOf(breach, endMs + 9_000).id).toBe(recovery.id);
    expect(recoveryOf({ ...breach, arming: 4 }, endMs).id).not.toBe(recovery.id);
  });
});

describe('a reminder', () => {
  const reminder = (ms: number) => reminderOf(breach, 3_600, RAISED + ms);

  it('is due after each interval, the last one alone where several were missed', () => {
    const thresholds = [
      0,
      HOUR_MS - 1,
      HOUR_MS,
      2 * HOUR_MS - 1,
      2 * HOUR_MS,
      50 * HOUR_MS + 7,
    ].map((ms) => reminder(ms)?.raised_by?.threshold ?? null);
    expect(thresholds).toEqual([null, null, '100%#1', '100%#1', '100%#2', '100%#50']);
  });

  it('is a breach that says it is a reminder, under one id however often it is found due', () => {
    const first = reminder(HOUR_MS)!;
    expect(first).toMatchObject({ type: 'budget.breached', data: { reminder: true } });
    expect(problems(first)).toBeNull();
    expect(reminder(HOUR_MS + 1)?.id).toBe(first.id);
    expect(reminder(2 * HOUR_MS)?.id).not.toBe(first.id);
  });
});
