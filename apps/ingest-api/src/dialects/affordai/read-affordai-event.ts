import type { ApplicationStamp } from '#contracts';
import { compileCheck, type WireSchema } from '../../dto/json-schemas.js';
import { dropNulls } from '../../steps/drop-nulls.js';
import { explainRefusal } from '../../steps/explain-refusal.js';
import { UnreadableItem } from '../../steps/item-text.js';
import type { ReadEvent, Refusal } from '../../steps/reading.js';
import { AffordaiEventDto } from './affordai-event.dto.js';

const SOURCE = 'affordai';

/** Its clients were written for another server: a field that we do not know is no reason to lose their usage. */
export const AFFORDAI_WIRE: WireSchema = {
  item: AffordaiEventDto,
  inside: [],
  unknownFields: 'ignored',
};

const isAffordaiEvent = compileCheck<AffordaiEventDto>(AFFORDAI_WIRE);
const NOTHING_NESTED = new Set<string>();

/**
 * AffordAI's event as ours. Its cached tokens lie inside its input tokens, as ours do.
 * @param application whose token was presented; null for a key of another kind.
 */
export function readAffordaiEvent(
  item: unknown,
  application: ApplicationStamp | null,
): { event: ReadEvent; refusal?: never } | { event?: never; refusal: Refusal } {
  if (item instanceof UnreadableItem) return { refusal: item.refusal };
  const present = dropNulls(item, NOTHING_NESTED);
  if (!isAffordaiEvent(present))
    return { refusal: explainRefusal(AffordaiEventDto, present, null) };
  if (application === null) return { refusal: TOKEN_REQUIRED };
  if (present.appId !== application.id) return { refusal: MISMATCH };
  const { consumerId, inputTokens, inputTokensCached, outputTokens } = present;
  const event = {
    source: SOURCE,
    ...(consumerId === undefined ? {} : { customer: consumerId }),
    usage: {
      input_tokens: inputTokens,
      ...(inputTokensCached === undefined ? {} : { cache_read_tokens: inputTokensCached }),
      output_tokens: outputTokens,
    },
  };
  return { event };
}

const TOKEN_REQUIRED: Refusal = {
  code: 'application_token_required',
  message:
    'events with appId and eventType need the token of that application; this is a key of the project',
  field: null,
};

const MISMATCH: Refusal = {
  code: 'application_mismatch',
  message: 'this token belongs to another application',
  field: 'appId',
  detail: 'is not the application of the token',
};
