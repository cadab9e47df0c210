import { describe, expect, it } from '@jest/globals';
import { dearerRegionsOf } from './dearer-regions.js';

const NOW_MS = Date.parse('2026-11-29T00:00:00Z');
const isDearer = (provider: string, model: string, region: string, atMs = NOW_MS) =>
  dearerRegionsOf(provider, model)(region, atMs);

/** Of each provider, a region that may be dearer, and models that are dearer there or not. */
describe.each([
  [
    'anthropic',
    'us',
    [
      'claude-opus-4-6',
      'claude-4.6-sonnet',
      'claude-opus-5',
      'claude-5.5-opus',
      'claude-opus-12',
      ' Claude-Opus-5@x ',
    ],
    [
      'claude-opus-4-5',
      'claude-3-5-sonnet',
      'claude-opus-4-1-20250805',
      'opus-5',
      'claude-sonnet-50000',
    ],
  ],
  [
    'openai',
    'eu',
    ['gpt-5.4', 'gpt-5.10', 'gpt-6', 'gpt-6-mini', ' GPT-6 ', 'gpt-12.1'],
    ['gpt-5', 'gpt-5.3', 'gpt-4o', 'gpt-60000'],
  ],
  [
    'azure',
    'eastus',
    ['gpt-4o', 'gpt-4.1', 'gpt-5', 'gpt-10', 'o3', 'my-o3'],
    ['gpt-4', 'gpt-4-turbo', 'turbo3', 'phi-4'],
  ],
  [
    'google',
    'us-east5',
    ['claude-haiku-4-5', 'claude-4.5-opus', 'claude-opus-5'],
    ['claude-sonnet-4', 'gemma-4-9b', 'llama-4.5'],
  ],
  [
    'google',
    'us-central1',
    ['gemini-3-flash', 'gemini-3.5-pro', 'gemini-10'],
    ['gemini-2.5-pro', 'gemini-1'],
  ],
])('at %s in %s', (provider, region, dearer, listed) => {
  it.each(dearer)('%s costs more', (model) => expect(isDearer(provider, model, region)).toBe(true));

  it.each(listed)('%s is at the list price', (model) => {
    expect(isDearer(provider, model, region)).toBe(false);
  });

  it.each(dearer)('%s is at the list price elsewhere', (model) => {
    expect(isDearer(provider, model, 'global')).toBe(false);
    expect(isDearer('aws', model, region)).toBe(false);
  });
});

describe('a region', () => {
  it('of Anthropic is dear in the United States alone', () => {
    expect(isDearer('anthropic', 'claude-opus-5', 'eu')).toBe(false);
  });

  it("is dearer from a model's first day, and for Gemini since July 2026", () => {
    const firstOfJuly = Date.parse('2026-07-01T00:00:00Z');
    expect(isDearer('openai', 'gpt-6', 'eu', -1)).toBe(true);
    expect(isDearer('google', 'gemini-3-flash', 'eu', firstOfJuly)).toBe(true);
    expect(isDearer('google', 'gemini-3-flash', 'eu', firstOfJuly - 1)).toBe(false);
  });
});
