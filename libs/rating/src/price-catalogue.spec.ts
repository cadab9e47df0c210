import { describe, expect, it } from '@jest/globals';
import { calcPrice, type Provider, waitForUpdate } from '@pydantic/genai-prices';
import { PriceCatalogue } from './price-catalogue.js';

const data: Provider[] = (await waitForUpdate()) ?? [];
const catalogue = new PriceCatalogue(data);

function packageFinds(providerId: string, model: string): string | null {
  const found = calcPrice({}, model, { providerId, timestamp: new Date(0) });
  return found && `${found.provider.id} ${found.model.id}`;
}

function weFind(providerId: string, model: string): string | null {
  const found = catalogue.find(providerId, model);
  return 'reason' in found ? null : `${providerId} ${found.model.id}`;
}

describe('finding a model', () => {
  it('agrees with the package on every listed id at its own provider', () => {
    for (const { id, models } of data) {
      for (const { id: model } of models) expect(weFind(id, model)).toBe(packageFinds(id, model));
    }
  });

  it('agrees with the package on ids of other providers, dates, prefixes and case', () => {
    const names = data
      .flatMap(({ models }) => models.map(({ id }) => id))
      .filter((_, n) => n % 9 === 0);
    const asked = names.flatMap((name) => [
      name.toUpperCase(),
      `${name}-20250514`,
      `${name}-2025-02-30`,
      `us.anthropic.${name}`,
      ` ${name}x`,
    ]);
    for (const id of ['azure', 'aws', 'google', 'openai', 'anthropic', 'x-ai']) {
      for (const name of asked) expect(weFind(id, name)).toBe(packageFinds(id, name));
    }
  });

  it.each([
    ['azure', 'gpt-4o', 'openai'],
    ['azure', 'phi-4-reasoning:free', 'azure'],
    ['azure', 'claude-sonnet-4-5', 'anthropic'],
  ])('%s sells %s at the price of %s', (asked, model, seller) => {
    expect(catalogue.find(asked, model)).toMatchObject({ provider: seller });
  });

  it('needs a provider for a model that several makers may mean', () => {
    expect(catalogue.providerIdOfModel('claude-sonnet-4-5')).toBe('anthropic');
    expect(catalogue.providerIdOfModel('claude-gemini')).toBeNull();
    expect(catalogue.providerIdOfModel('my-own-model')).toBeNull();
  });
});

describe('the name of a provider', () => {
  it.each([
    ['openai', 'openai'],
    ['OpenAI.chat', 'openai'],
    ['openai.responses', 'openai'],
    [' openai ', 'openai'],
    ['openai.chatter', 'openai'],
    ['nobody.chat', 'nobody'],
    ['nobody.chatter', 'nobody.chatter'],
    ['nobody.chat.x', 'nobody.chat.x'],
    ['azure', 'azure'],
    ['azure.ai.openai', 'azure'],
    ['az.ai.inference', 'azure'],
    ['azure.ai.inference', 'azure'],
    ['azure.chat', 'azure'],
    ['azure_openai', 'azure'],
    ['x_ai', 'x-ai'],
    ['xai', 'x-ai'],
    ['xai.chat', 'x-ai'],
    ['gcp.gen_ai', 'google'],
    ['gcp.gemini', 'google'],
    ['gcp.vertex_ai', 'google'],
    ['vertex.anthropic.messages', 'google'],
    ['google.generative-ai', 'google'],
    ['aws.bedrock', 'aws'],
    ['amazon-bedrock', 'aws'],
    ['fireworks_ai', 'fireworks'],
    ['fireworks-ai', 'fireworks'],
    ['google_genai', 'google'],
    ['novita_ai', 'novita'],
    ['novita-ai', 'novita'],
    ['together.ai', 'together'],
    ['togetherai', 'together'],
    ['x.ai', 'x-ai'],
    ['z-ai', 'zai'],
    ['z.ai', 'zai'],
    ['z_ai', 'zai'],
    ['openrouter.ai', 'openrouter'],
    ['mistral_ai', 'mistral'],
    ['moonshot_ai', 'moonshotai'],
    ['deepseek', 'deepseek'],
    ['deepseek.chat', 'deepseek'],
    ['groq', 'groq'],
    ['cohere', 'cohere'],
    ['perplexity', 'perplexity'],
    ['anthropic.messages', 'anthropic'],
    ['ibm.watsonx.ai', 'ibm.watsonx.ai'],
    ['constructor', 'constructor'],
  ])('%s is %s', (reported, id) => {
    expect(catalogue.providerIdOf(reported)).toBe(id);
  });

  it('is its own, where the data lists it under that', () => {
    const ids = data.map(({ id }) => id);
    expect(ids.map((id) => catalogue.providerIdOf(id))).toEqual(ids);
  });
});

describe('a compact date in the name of a model', () => {
  const dated = new PriceCatalogue([
    {
      id: 'acme',
      name: 'Acme',
      api_pattern: 'acme',
      models: [
        {
          id: 'dated',
          match: { regex: '^m-\\d{4}-\\d\\d-\\d\\d(-v1|:free)?$' },
          prices: { input_mtok: 1 },
        },
      ],
    },
  ]);
  const finds = (model: string) => !('reason' in dated.find('acme', model));

  it.each([
    'm-2025-05-14',
    'm-20250514',
    ' M-20250514 ',
    'm-20250514-v1',
    'm-20250514:free',
    'm-20251231',
    'm-20260930',
    'm-20261020',
    'm-20240229',
  ])('is read as a date: %s', (model) => expect(finds(model)).toBe(true));

  it.each([
    'm-20251301',
    'm-20250014',
    'm-20250500',
    'm-20250532',
    'm-20250230',
    'm-20250431',
    'm-19250514',
    'm-2025514',
    'm-202505140',
    'm-20250514x',
    'm20250514',
  ])('is none: %s', (model) => expect(finds(model)).toBe(false));
});
