export { WindowFinder } from './window-finder.js';
export { type TimeWindow, windowOf } from './window-of.js';
