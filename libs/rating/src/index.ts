export { createPriceBook, PriceBook, type RatingRequest } from './price-book.js';
export { type PriceOverrides } from './price-overrides.js';
