import { AFFORDAI } from './affordai/affordai.js';
import { NATIVE } from './native/native.js';

/**
 * The dialects of `POST /v1/events`, asked in this order whether a request is theirs; the last one takes what none before
 * it recognises. A dialect that is known by a header, or has paths of its own, has a controller instead.
 */
export const EVENTS_DIALECTS = [AFFORDAI, NATIVE] as const;
