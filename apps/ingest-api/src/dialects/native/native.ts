import type { Dialect } from '../../dialect.js';
import { answerError } from '../../steps/answer-error.js';
import { answerResults } from './answer-results.js';
import { NATIVE_PAGE } from './native-page.js';
import { readEvent } from './read-event.js';
import { scanEvents } from './scan-events.js';

/** The native API: one event, a list, `{"events": [...]}`, or lines. It takes what no other dialect recognises. */
export const NATIVE: Dialect = {
  scan: scanEvents,
  read: ({ items }) => items.map(readEvent),
  answer: answerResults,
  refuse: answerError,
  page: NATIVE_PAGE,
};
