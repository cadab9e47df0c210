export { type RemovedWatch, WatchBook, type WatchChangesPort } from './watch-book.js';
