export { type TimeWindow, windowOf, WindowFinder } from './window-of.js';
