import { EVENT_FIELDS } from '#contracts';
import { compileCheck, knownFields, type WireSchema } from '../../dto/json-schemas.js';
import { dropNulls } from '../../steps/drop-nulls.js';
import { explainRefusal } from '../../steps/explain-refusal.js';
import { UnreadableItem } from '../../steps/item-text.js';
import { type ReadEvent, type Reading, type Refusal, sayableId } from '../../steps/reading.js';
import { UsageEventDto, UsageVectorDto } from './usage-event.dto.js';

export const NATIVE_WIRE: WireSchema = {
  item: UsageEventDto,
  inside: [UsageVectorDto],
  unknownFields: 'refused',
};

const isUsageEvent = compileCheck<ReadEvent>(NATIVE_WIRE);
const KNOWN = knownFields(NATIVE_WIRE);
const NESTED = new Set(
  Object.entries(EVENT_FIELDS)
    .filter(([, { kind }]) => kind === 'usage' || kind === 'map')
    .map(([name]) => name),
);

/** Takes one parsed item for a usage event, or says why not. The item itself is used, not copied. */
export function readEvent(item: unknown): Reading {
  if (isUsageEvent(item)) return { event: item };
  if (item instanceof UnreadableItem) return refused(item, item.refusal);
  const present = dropNulls(item, NESTED);
  if (isUsageEvent(present)) return { event: present };
  return refused(item, explainRefusal(UsageEventDto, present, KNOWN));
}

function refused(item: unknown, refusal: Refusal): Reading {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : null;
  return { refusal, id: sayableId(id) };
}
