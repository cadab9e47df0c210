import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { describeError } from './describe-error.js';

describe('an error in the log', () => {
  it('is told whole: type, message, stack, code and causes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new TypeError('nothing was stored', { cause: new AggregateError([refused]) });
    const told = describeError(error);
    expect(told).toMatchObject({
      type: 'TypeError',
      message: 'nothing was stored',
      cause: {
        type: 'AggregateError',
        errors: [{ type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' }],
      },
    });
    expect(told.stack).toContain('describe-error.spec');
  });

  it.each<[unknown, object]>([
    ['text', { type: 'string', message: 'text' }],
    [undefined, { type: 'undefined', message: 'undefined' }],
    [{ a: 1 }, { type: 'object', message: '{"a":1}' }],
  ])('may be no error at all: %j', (thrown, told) => {
    expect(describeError(thrown)).toEqual(told);
  });

  it('ends, also where causes go round', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(100_000);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(describeError(circle)).toEqual({ type: 'object', message: '[object Object]' });
  });

  it('tells no secrets', () => {
    const secrets = [
      'rk_ABCDEFGHIJKL_abcdefghijklmnopqrstuvwxyz0_aaaaaa',
      'sk_test_51AbcdefGHIJ',
      'sk_live_51AbcdefGHIJ',
      'whsec_c2VjcmV0c2VjcmV0',
    ];
    const password = 'p4ss%2Fword';
    const text = [
      ...secrets,
      `postgres://reckoner:${password}@127.0.0.1/x`,
      'Authorization: Bearer eyJhbGciOiJIUzI1',
    ].join(' ');
    const error = Object.assign(new Error(text), {
      config: { headers: { authorization: secrets[0] } },
    });
    const lines: string[] = [];
    const logger = pino(
      { serializers: { err: describeError } },
      { write: (line) => lines.push(line) },
    );
    logger.error({ err: error }, 'a request failed');
    for (const secret of [...secrets, password, 'eyJhbGciOiJIUzI1'])
      expect(lines[0]).not.toContain(secret);
    expect(lines[0]).toContain('postgres://reckoner:[secret]@127.0.0.1/x');
  });
});
