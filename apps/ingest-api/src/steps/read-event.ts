import type { UsageEvent } from '#contracts';
import { compileCheck, knownFields } from '../dto/json-schemas.js';
import { UsageEventDto } from '../dto/usage-event.dto.js';
import { dropNulls } from './drop-nulls.js';
import { explainRefusal, type Refusal } from './explain-refusal.js';
import { readTime, refuseTime } from './read-time.js';
import { UnreadableItem } from './split-items.js';

/** A usage event whose id may still be missing. */
export type ReadEvent = Omit<UsageEvent, 'id'> & { id?: string };

export type Reading = { event: ReadEvent; refusal?: never } | { event?: never; refusal: Refusal };

const isUsageEvent = compileCheck<ReadEvent>(UsageEventDto);
const KNOWN = knownFields(UsageEventDto);

/** Takes one parsed item for a usage event, or says why not. The item itself is used and changed, not copied. */
export function readEvent(item: unknown, receivedAtMs: number): Reading {
  if (isUsageEvent(item)) return atItsTime(item, receivedAtMs);
  if (item instanceof UnreadableItem)
    return { refusal: { code: 'malformed_json', message: item.message, field: null } };
  const present = dropNulls(item);
  if (isUsageEvent(present)) return atItsTime(present, receivedAtMs);
  return { refusal: explainRefusal(UsageEventDto, present, KNOWN) };
}

const TIME_REFUSALS = {
  too_old: 'time is more than 35 days ago',
  too_new: 'time is more than 24 h ahead',
};

/** Brings `time` to UTC with milliseconds. */
function atItsTime(event: ReadEvent, receivedAtMs: number): Reading {
  if (event.time === undefined) return { event };
  const timeMs = readTime(event.time);
  if (timeMs === null)
    return { refusal: { code: 'invalid_event', message: 'time is on no calendar', field: 'time' } };
  const code = refuseTime(timeMs, receivedAtMs);
  if (code !== null) return { refusal: { code, message: TIME_REFUSALS[code], field: 'time' } };
  event.time = new Date(timeMs).toISOString();
  return { event };
}
