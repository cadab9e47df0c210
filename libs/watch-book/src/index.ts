export {
  type RemovedWatch,
  type SetAsideWatch,
  WatchBook,
  type WatchChangesPort,
} from './watch-book.js';
