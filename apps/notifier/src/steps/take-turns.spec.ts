import { describe, expect, it } from '@jest/globals';
import { takeTurns } from './take-turns.js';

const parts = (items: string[], ofProject: number, together: number) =>
  takeTurns(items, (item) => item[0]!, { ofProject, together }).map((part) => part.join(' '));

describe('projects that take turns', () => {
  it('each have their first in the first part, however many of one stand before them', () => {
    expect(parts(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1', 'b2', 'b3'], 2, 10)).toEqual([
      'a1 a2 b1 b2 c1',
      'a3 a4 b3',
      'a5',
    ]);
  });

  it('have whole parts for themselves where nobody else waits', () => {
    expect(parts(['a1', 'a2', 'a3', 'a4'], 1, 3)).toEqual(['a1 a2 a3', 'a4']);
  });

  it('fill no part beyond its bound', () => {
    expect(parts(['a1', 'a2', 'b1', 'b2', 'c1'], 2, 3)).toEqual(['a1 a2 b1', 'b2 c1']);
  });

  it('are none where there is nothing', () => {
    expect(parts([], 2, 3)).toEqual([]);
  });
});
