import { readTime, refuseTime } from './read-time.js';
import { type ReadEvent, type Reading, sayableId } from './reading.js';

const MESSAGES = {
  invalid_event: 'time is on no calendar',
  too_old: 'time is more than 35 days ago',
  too_new: 'time is more than 24 h ahead',
};

/** Holds an event against the window of event times, and brings its time to UTC with milliseconds. The event itself is changed. */
export function placeInTime(event: ReadEvent, receivedAtMs: number): Reading {
  if (event.time === undefined) return { event };
  const timeMs = readTime(event.time);
  if (timeMs === null) return refused('invalid_event', event);
  const code = refuseTime(timeMs, receivedAtMs);
  if (code !== null) return refused(code, event);
  event.time = new Date(timeMs).toISOString();
  return { event };
}

function refused(code: keyof typeof MESSAGES, { id }: ReadEvent): Reading {
  return { refusal: { code, message: MESSAGES[code], field: 'time' }, id: sayableId(id) };
}
