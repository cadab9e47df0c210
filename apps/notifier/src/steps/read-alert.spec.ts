import { describe, expect, it } from '@jest/globals';
import { readAlert } from './read-alert.js';

const raised_by = {
  watch: 'bud_1',
  counter: '{}',
  window_start: '2026-11-01T00:00:00.000Z',
  window_end: null,
  threshold: '100%',
  arming: 1,
};
const alert = {
  v: 1,
  id: 'a1',
  project: 'p1',
  type: 'budget.breached',
  raised_at: '2026-11-14T09:26:53.120Z',
  raised_by,
  data: { name: 'Ü 🙂', note: '\\u0000 in words' },
};
const headers = { schema: 'alerts.raised.v1' };
const read = (value: unknown, given: Record<string, string> = headers) =>
  readAlert(Buffer.from(JSON.stringify(value)), given);

describe('a record of alerts.raised', () => {
  it('is the alert that it says, by a watch or by none', () => {
    expect(read(alert)).toEqual({ alert });
    expect(read(alert, {})).toEqual({ alert });
    const ofNone = { ...alert, raised_by: null, data: {} };
    expect(read(ofNone)).toEqual({ alert: ofNone });
  });

  it('of another schema is none', () => {
    expect(read(alert, { schema: 'alerts.raised.v2' })).toEqual({
      refused: 'its schema is alerts.raised.v2',
    });
  });

  it('that is no JSON is none', () => {
    expect(readAlert(Buffer.from('{"v":1,'), headers)).toEqual({ refused: 'it is not an alert' });
  });

  it.each([
    null,
    7,
    [],
    { ...alert, v: 2 },
    ...['id', 'project', 'type'].flatMap((name) => [
      { ...alert, [name]: '' },
      { ...alert, [name]: 7 },
    ]),
    { ...alert, raised_at: 'soon' },
    { ...alert, raised_at: 1_794_647_213_120 },
    { ...alert, raised_by: undefined },
    { ...alert, raised_by: 'bud_1' },
    { ...alert, data: undefined },
    { ...alert, data: null },
    { ...alert, data: [] },
    { ...alert, data: 'text' },
    ...['watch', 'counter', 'threshold'].map((name) => ({
      ...alert,
      raised_by: { ...raised_by, [name]: 7 },
    })),
    { ...alert, raised_by: { ...raised_by, arming: 0.5 } },
    { ...alert, raised_by: { ...raised_by, arming: '1' } },
    ...['window_start', 'window_end'].flatMap((name) => [
      { ...alert, raised_by: { ...raised_by, [name]: 'soon' } },
      { ...alert, raised_by: { ...raised_by, [name]: undefined } },
    ]),
  ])('is none where it is %j', (value) => {
    expect(read(value)).toEqual({ refused: 'it is not an alert' });
  });

  it.each(['a\0b', '\ud800', '\udfff alone', 'a\\\0'])('holds what is no text: %j', (name) => {
    expect(read({ ...alert, data: { name } })).toEqual({
      refused: 'it holds text that is no text',
    });
  });

  it.each(['\\u0000', '\\\\ud800', 'u0000', '\u0001', '🙂'])('may hold %j', (name) => {
    expect(read({ ...alert, data: { name } })).toHaveProperty('alert.data.name', name);
  });
});
