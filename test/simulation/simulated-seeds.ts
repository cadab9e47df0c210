import { byTestLength, chooseSeed } from '#testing';

/** Every run plays the same seeds; the long form others each time, and says which. */
const { first, count } = byTestLength({
  short: () => ({ first: 1, count: 400 }),
  long: () => ({ first: chooseSeed(), count: 3_000 }),
})();
const all = Array.from({ length: count }, (_, n) => first + n);

/** In two halves, each a file of its own: they are played beside each other. */
export const ODD_SEEDS = all.filter((seed) => seed % 2 === 1);
export const EVEN_SEEDS = all.filter((seed) => seed % 2 === 0);

export const SEED_MS_MAX = 1_000;
