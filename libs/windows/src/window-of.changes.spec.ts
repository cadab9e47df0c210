import { describe, expect, it } from '@jest/globals';
import { windowOf } from './window-of.js';

describe('an hour in which the clock is changed', () => {
  it.each([
    [
      '03:00 to 03:45 of Chatham',
      'Pacific/Chatham',
      '2026-04-04T13:30Z',
      '2026-04-04T13:15Z',
      '2026-04-04T14:00Z',
    ],
    [
      '02:45 to 03:00, which comes again',
      'Pacific/Chatham',
      '2026-04-04T14:00Z',
      '2026-04-04T14:00Z',
      '2026-04-04T14:15Z',
    ],
    [
      '02:00 to 02:45, its end skipped',
      'Pacific/Chatham',
      '2026-09-26T13:59:59.999Z',
      '2026-09-26T13:15Z',
      '2026-09-26T14:00Z',
    ],
    [
      '03:45 to 04:00, its beginning skipped',
      'Pacific/Chatham',
      '2026-09-26T14:10Z',
      '2026-09-26T14:00Z',
      '2026-09-26T14:15Z',
    ],
    [
      '01:30 to 02:00 of Lord Howe, which comes again',
      'Australia/Lord_Howe',
      '2026-04-04T15:10Z',
      '2026-04-04T15:00Z',
      '2026-04-04T15:30Z',
    ],
    [
      '02:30 to 03:00, its beginning skipped',
      'Australia/Lord_Howe',
      '2026-10-03T15:40Z',
      '2026-10-03T15:30Z',
      '2026-10-03T16:00Z',
    ],
  ])('is cut there: %s', (_, time_zone, time, start, end) => {
    const hour = { kind: 'calendar', unit: 'hour', time_zone } as const;
    const { startMs, endMs } = windowOf(hour, Date.parse(time));
    expect([startMs, endMs]).toEqual([Date.parse(start), Date.parse(end)]);
  });
});

// A minute into 7 November the clock of St John's went back from 00:01 to 23:01.
describe('a date that the clock shows again behind its end', () => {
  it.each([
    ['of the date before', '2010-11-07T02:29:59.999Z', '2010-11-06T02:30Z', '2010-11-07T02:30Z'],
    [
      'of the new one, in its first minute',
      '2010-11-07T02:30:30Z',
      '2010-11-07T02:30Z',
      '2010-11-08T03:30Z',
    ],
    [
      'of the new one, while the old is shown',
      '2010-11-07T02:45Z',
      '2010-11-07T02:30Z',
      '2010-11-08T03:30Z',
    ],
  ])('begins no second window: a moment %s', (_, time, start, end) => {
    const day = { kind: 'calendar', unit: 'day', time_zone: 'America/St_Johns' } as const;
    const { startMs, endMs } = windowOf(day, Date.parse(time));
    expect([startMs, endMs]).toEqual([Date.parse(start), Date.parse(end)]);
  });
});
