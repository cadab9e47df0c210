import { describe, expect, it } from '@jest/globals';
import { sqlTokens } from './sql-lexer.js';

const texts = (sql: string): string[] => [...sqlTokens(sql)].map((token) => token.text);

describe('sqlTokens', () => {
  it('leaves out blanks and every kind of comment', () => {
    expect(texts('a -- b\n/* c ; */ d # e\n#!f\ng')).toEqual(['a', 'd', 'g']);
  });

  it('keeps quoted text whole, whatever it holds', () => {
    expect(texts("'a;''b\\';' \"c`\" `d\\`;` $x$ ; ' $x$ e")).toEqual([
      "'a;''b\\';'",
      '"c`"',
      '`d\\`;`',
      "$x$ ; ' $x$",
      'e',
    ]);
  });

  it('ends at the end of the text inside an open quote', () => {
    expect(texts("select 'abc; d")).toEqual(['select', "'abc; d"]);
  });

  it('counts the brackets around a token', () => {
    const tokens = [...sqlTokens('f(a, [b]) c')];
    expect(tokens.map((token) => [token.text, token.depth])).toEqual([
      ['f', 0],
      ['(', 0],
      ['a', 1],
      [',', 1],
      ['[', 1],
      ['b', 2],
      [']', 1],
      [')', 0],
      ['c', 0],
    ]);
  });

  it('reads a string of 16 MB without running out of stack', () => {
    const text = `'${'x'.repeat(16 * 1024 * 1024)}'`;
    expect(texts(text)[0]).toHaveLength(text.length);
  });
});
