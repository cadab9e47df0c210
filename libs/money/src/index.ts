export { type Decimal, formatDecimal, parseDecimal } from './decimal.js';
export { PICO_PER_USD, PICO_SCALE, decimalFromPico, picoFromDecimal } from './pico-usd.js';
export { divideHalfAwayFromZero } from './rounding.js';
