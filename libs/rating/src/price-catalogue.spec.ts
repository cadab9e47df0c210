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
});
