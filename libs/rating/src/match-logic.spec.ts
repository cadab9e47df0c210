import { describe, expect, it } from '@jest/globals';
import { type MatchLogic } from '@pydantic/genai-prices';
import { compileMatch } from './match-logic.js';

describe('a matching rule of the price data', () => {
  it.each<[MatchLogic, string[], string[]]>([
    [{ equals: 'GPT-4o' }, ['gpt-4o'], ['gpt-4o-mini', 'x-gpt-4o']],
    [{ starts_with: 'GPT-' }, ['gpt-', 'gpt-4o'], ['my-gpt-4o']],
    [{ ends_with: ':Free' }, ['phi:free', ':free'], ['phi:free:x']],
    [{ contains: 'Opus' }, ['opus', 'claude-opus-5'], ['op-us']],
    [{ regex: '^o[1-9]' }, ['o3', 'o1-mini'], ['gpt-o3', 'o0']],
    [{ or: [{ equals: 'a' }, { equals: 'b' }] }, ['a', 'b'], ['c']],
    [{ and: [{ starts_with: 'a' }, { ends_with: 'b' }] }, ['ab', 'axb'], ['a', 'b', 'ba']],
  ])('%j takes %j and not %j', (logic, taken, left) => {
    const test = compileMatch(logic);
    expect([...taken, ...left].filter(test)).toEqual(taken);
  });
});
