import { ApiError } from '#http';
import type { ApplicationStamp, UsageEvent } from '#contracts';
import { AffordaiEventDto } from '../dto/affordai-event.dto.js';
import { compileCheck } from '../dto/json-schemas.js';
import { explainRefusal } from './explain-refusal.js';

export const AFFORDAI_SOURCE = 'affordai';

const isAffordaiEvent = compileCheck(AffordaiEventDto);

/** A body that only AffordAI's clients send, whoever's key comes with it. */
export function looksLikeAffordai(item: unknown): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    Object.hasOwn(item, 'appId') &&
    Object.hasOwn(item, 'eventType')
  );
}

/**
 * AffordAI's event as ours. Its cached tokens lie inside its input tokens, as ours do.
 * @param application whose token was presented; null for a key of another kind.
 * @throws ApiError 400 for a body that is not such an event, 403 when token and `appId` do not belong together.
 */
export function readAffordaiEvent(
  item: unknown,
  id: string,
  application: ApplicationStamp | null,
): UsageEvent {
  const present = withoutNulls(item);
  if (!isAffordaiEvent(present)) {
    const { code, message, field } = explainRefusal(AffordaiEventDto, present, null);
    throw new ApiError(400, code, message, field === null ? [] : [{ field, message }]);
  }
  if (application === null)
    throw new ApiError(
      403,
      'application_token_required',
      'events with appId and eventType need the token of that application; this is a key of the project',
    );
  if (present.appId !== application.id)
    throw new ApiError(403, 'application_mismatch', 'this token belongs to another application', [
      { field: 'appId', message: 'is not the application of the token' },
    ]);
  const { consumerId, inputTokens, inputTokensCached, outputTokens } = present;
  return {
    id,
    source: AFFORDAI_SOURCE,
    ...(consumerId === undefined ? {} : { customer: consumerId }),
    usage: {
      input_tokens: inputTokens,
      ...(inputTokensCached === undefined ? {} : { cache_read_tokens: inputTokensCached }),
      output_tokens: outputTokens,
    },
  };
}

function withoutNulls(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}
