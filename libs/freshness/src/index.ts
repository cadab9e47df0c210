export { Freshness, type LogEnds, type LogView, readLogEnds } from './fresh-to.js';
