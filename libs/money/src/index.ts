export { type Decimal, formatDecimal, parseDecimal } from './decimal.js';
export { decimalFromUnits, unitsFromDecimal } from './measure-units.js';
export { PICO_PER_USD, decimalFromPico, picoFromDecimal } from './pico-usd.js';
export { divideHalfAwayFromZero } from './rounding.js';
