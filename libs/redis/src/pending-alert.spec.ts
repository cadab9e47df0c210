import { describe, expect, it } from '@jest/globals';
import { decodePendingAlert } from './pending-alert.js';

// Entries as they stand in Redis: they outlive a deployment.
const TIMES = '"event_time":"2026-11-14T09:00:00.000Z","raised_at":"2026-11-14T09:00:01.000Z"';
const OF_WINDOW = `{"kind":"crossed","threshold":"100%","counter":{"customer":"acme"},"hi":"100","lo":"500000000000",${TIMES},"watch":{"kind":"budget"}}`;
const OF_LIMIT = `{"kind":"recovered","threshold":"100%","counter":{},"hi":"0","lo":"7",${TIMES},"cause":"limit","arming":3,"watch":{"kind":"budget"}}`;
const OF_SPAN = `{"kind":"crossed","threshold":"bound","counter":{},"hi":"4","lo":"0",${TIMES},"arming":2,"cause":"","bound":"3:250000000000","watch":{"kind":"rate"}}`;
const OF_SHARE = `{"kind":"recovered","threshold":"bound","counter":{},"hi":"0","lo":"1",${TIMES},"arming":2,"cause":"window","measured":"0.050000","bound":"0.025000","watch":{"kind":"rate"}}`;

describe('an entry of the pending list', () => {
  it('of a window says what the counter held', () => {
    expect(decodePendingAlert(OF_WINDOW)).toEqual({
      kind: 'crossed',
      threshold: '100%',
      counter: { customer: 'acme' },
      amount: 100_500_000_000_000n,
      eventTime: '2026-11-14T09:00:00.000Z',
      raisedAt: '2026-11-14T09:00:01.000Z',
      arming: null,
      cause: null,
      measured: null,
      bound: null,
      watch: { kind: 'budget' },
    });
  });

  it('of a new limit says which breach it ends', () => {
    expect(decodePendingAlert(OF_LIMIT)).toMatchObject({
      kind: 'recovered',
      amount: 7n,
      cause: 'limit',
      arming: 3,
    });
  });

  it('of a span says the bound of earlier days, as an amount or as a level', () => {
    expect(decodePendingAlert(OF_SPAN)).toMatchObject({ bound: 3_250_000_000_000n, cause: '' });
    const share = { measured: '0.050000', bound: '0.025000', cause: 'window' };
    expect(decodePendingAlert(OF_SHARE)).toMatchObject(share);
  });

  it.each([
    ['no JSON', OF_WINDOW.slice(1)],
    ['another kind', OF_WINDOW.replace('crossed', 'passed')],
    ['no amount', OF_WINDOW.replace('"lo":"500000000000",', '')],
    ['an amount below zero', OF_WINDOW.replace('"100","lo"', '"-1","lo"')],
    ['another bound', OF_SPAN.replace('3:25', '3;25')],
    ['no watch', OF_WINDOW.replace('{"kind":"budget"}', 'null')],
  ])('with %s is refused', (_, text) => {
    expect(() => decodePendingAlert(text)).toThrow(SyntaxError);
  });
});
