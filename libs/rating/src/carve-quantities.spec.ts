import { describe, expect, it } from '@jest/globals';
import { type UsageVector } from '#contracts';
import { carveQuantities } from './carve-quantities.js';
import { rateCardOf } from './rate-card.js';

/** The quantities that are charged, by count; or what is contradictory. */
function carve(priced: readonly string[], usage: UsageVector): unknown {
  const card = rateCardOf(Object.fromEntries(priced.map((key) => [key, 1])));
  const { charges, inconsistencies } = carveQuantities(card, usage);
  return inconsistencies.length > 0
    ? inconsistencies
    : Object.fromEntries(charges.map(({ rate, quantity }) => [rate.field, quantity]));
}

describe.each(['text', 'audio', 'image', 'video'])('cached tokens of %s', (modality) => {
  const whole = `input_${modality}_tokens`;
  const cachedPart = `cache_${modality}_read_tokens`;
  const listed = ['input_mtok', 'cache_read_mtok', `input_${modality}_mtok`];
  const withPart = [...listed, `cache_${modality}_read_mtok`];

  it('are taken out of both wholes, once', () => {
    // Of 100: 10 cached of it, 10 cached otherwise, 30 of it uncached, 50 of neither.
    const usage = { input_tokens: 100, cache_read_tokens: 20, [whole]: 40, [cachedPart]: 10 };
    expect(carve(withPart, usage)).toEqual({
      input_tokens: 50,
      cache_read_tokens: 10,
      [whole]: 30,
      [cachedPart]: 10,
    });
  });

  it.each([
    ['all was of it', { input_tokens: 100, [whole]: 100, cache_read_tokens: 20 }, 20],
    ['all was cached', { input_tokens: 100, [whole]: 40, cache_read_tokens: 100 }, 40],
    ['none was cached', { input_tokens: 100, [whole]: 40 }, 0],
    ['none was of it', { input_tokens: 100, cache_read_tokens: 20 }, 0],
  ])('follow where %s', (_, usage, overlap) => {
    expect(carve(withPart, usage)).toMatchObject({ [cachedPart]: overlap });
  });

  it.each([
    [{ input_tokens: 100, [whole]: 40, cache_read_tokens: 20 }, '0 to 20'],
    // 90 and 20 are more than 100 by 10, so that many at least are both.
    [{ input_tokens: 100, [whole]: 90, cache_read_tokens: 20 }, '10 to 20'],
    [{ input_tokens: 100, [whole]: 15, cache_read_tokens: 20 }, '0 to 15'],
  ])('are needed where they may be several: %j', (usage, range) => {
    const detail = `${cachedPart} is needed: it may be ${range}, at different prices`;
    expect(carve(withPart, usage)).toEqual([{ root: 'input_tokens', detail }]);
    expect(carve(listed, usage)).toEqual([{ root: 'input_tokens', detail }]);
  });

  it('are fewer by those that were cached of another kind', () => {
    const other = modality === 'audio' ? 'image' : 'audio';
    const usage = {
      input_tokens: 100,
      [whole]: 40,
      cache_read_tokens: 20,
      [`cache_${other}_read_tokens`]: 5,
    };
    expect(carve(withPart, usage)).toEqual([
      {
        root: 'input_tokens',
        detail: `${cachedPart} is needed: it may be 0 to 15, at different prices`,
      },
    ]);
  });

  it('have no price where both wholes have one and they have none, and follow', () => {
    const usage = { input_tokens: 100, [whole]: 100, cache_read_tokens: 20 };
    const detail = `${cachedPart} is 20, and has no price`;
    expect(carve(listed, usage)).toEqual([{ root: 'input_tokens', detail }]);
    expect(carve(listed, { input_tokens: 100, [whole]: 40 })).toMatchObject({ [whole]: 40 });
    // With one price for its wholes it is no matter how many they are.
    expect(carve(['input_mtok', 'cache_read_mtok'], usage)).toEqual({
      input_tokens: 80,
      cache_read_tokens: 20,
    });
    expect(carve(['input_mtok', `input_${modality}_mtok`], usage)).toEqual({
      input_tokens: 0,
      [whole]: 100,
    });
  });
});

describe('priced parts', () => {
  it('that are more than their whole leave it out, and keep the other total', () => {
    const card = rateCardOf({
      input_mtok: 1,
      cache_read_mtok: 1,
      input_audio_mtok: 1,
      output_mtok: 1,
    });
    // None of the cached is audio: 60 and 60 are not among 100.
    const { charges, inconsistencies } = carveQuantities(card, {
      input_tokens: 100,
      cache_read_tokens: 60,
      input_audio_tokens: 60,
      cache_audio_read_tokens: 0,
      output_tokens: 7,
    });
    expect(inconsistencies).toEqual([
      { root: 'input_tokens', detail: 'the priced parts of input_tokens are more than 100' },
    ]);
    expect(charges.map(({ rate, quantity }) => [rate.field, quantity])).toEqual([
      ['output_tokens', 7],
    ]);
  });

  it('stand behind their totals', () => {
    const card = rateCardOf({ input_mtok: 1, cache_read_mtok: 1, output_mtok: 1 });
    const { charges } = carveQuantities(card, { input_tokens: 3, cache_read_tokens: 1 });
    expect(charges.map(({ rate, quantity }) => [rate.field, quantity])).toEqual([
      ['input_tokens', 2],
      ['output_tokens', 0],
      ['cache_read_tokens', 1],
    ]);
  });
});
