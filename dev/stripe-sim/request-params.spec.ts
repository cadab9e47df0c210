import { describe, expect, it } from '@jest/globals';
import { RequestParams } from './request-params.js';

describe("Stripe's bracketed forms", () => {
  it('nest lists of maps, however long', () => {
    const encoded = Array.from({ length: 251 }, (_, n) => `lines[${n}][amount]=${n}`).join('&');
    const lines = RequestParams.ofForm(encoded).list('lines')!;
    expect(lines.map((line) => line.integer('amount'))).toEqual([...Array(251).keys()]);
  });

  it('keep the numbers that are keys of metadata', () => {
    const metadata = (encoded: string) => RequestParams.ofForm(encoded).metadata({});
    expect(metadata('metadata[5]=a')).toEqual({ 5: 'a' });
    expect(metadata('metadata[5]=a&metadata[order]=b+c%26')).toEqual({ 5: 'a', order: 'b c&' });
  });

  it('take the last of a parameter that is given twice', () => {
    expect(RequestParams.ofForm('name=a&name=b').text('name')).toBe('b');
  });

  it.each([
    ['lines[1][amount]=6', 'lines'],
    ['lines=6', 'lines'],
    ['lines=6&lines[0][amount]=5', 'lines[0]'],
    ['lines[]=6', 'lines[0]'],
  ])('refuse %s as a list of maps', (encoded, param) => {
    expect(() => RequestParams.ofForm(encoded).list('lines')).toThrow(
      expect.objectContaining({ status: 400, body: { error: expect.objectContaining({ param }) } }),
    );
  });

  it.each(['__proto__=x', 'metadata[__proto__]=x', 'metadata%5B__proto__%5D=x'])(
    'refuse %s by its name',
    (encoded) => {
      expect(() => RequestParams.ofForm(encoded)).toThrow('unknown parameter');
    },
  );
});
