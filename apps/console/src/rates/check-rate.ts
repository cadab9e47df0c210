import type { Rate } from '#contracts';
import type { ErrorDetail } from '#http';
import { isWhole, WHOLE_MESSAGE } from '../watches/amount-text.js';

const SHARE = /^(?:1|0\.\d+)$/;
const WHOLE_COUNTS: readonly string[] = ['tokens', 'requests', 'events'];

/** What is wrong with fields that are right one by one, or null. */
export function checkRate({
  on,
  limit,
  change_percent,
}: Pick<Rate, 'on' | 'limit' | 'change_percent'>): ErrorDetail | null {
  if ((limit === null) === (change_percent === null))
    return { field: 'limit', message: 'must be given or change_percent, and not both' };
  if (limit === null) return null;
  if (on === 'errors' && !SHARE.test(limit))
    return { field: 'limit', message: 'must be a share of the events, up to "1"' };
  return WHOLE_COUNTS.includes(on) && !isWhole(limit)
    ? { field: 'limit', message: WHOLE_MESSAGE }
    : null;
}
