import { expect, test } from '@jest/globals';
import { scoreOf, writeScores } from './scores.js';

test('a mutant counts as noticed when a test fails or never ends, and not at all when it is excluded or does not run', () => {
  const statuses = ['Killed', 'Timeout', 'Killed', 'Survived', 'NoCoverage', 'Ignored'];
  const results = [...statuses, 'CompileError', 'RuntimeError'].map((status) => ({ status }));

  const score = scoreOf('money', results);

  expect(score).toEqual({ name: 'money', noticed: 3, mutants: 5, score: 60 });
  expect(writeScores([score])).toBe('money              60.0 %  3 of 5 mutants\n');
});

test('a part without a mutant misses none', () => {
  expect(scoreOf('console', []).score).toBe(100);
});
