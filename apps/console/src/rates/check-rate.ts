import type { ErrorDetail } from '#http';
import { METERS } from '#meters';
import type { Rate } from '#watches';

/** What is wrong with fields that are right one by one, or null. */
export function checkRate({
  on,
  limit,
  change_percent,
}: Pick<Rate, 'on' | 'limit' | 'change_percent'>): ErrorDetail | null {
  if ((limit === null) === (change_percent === null))
    return { field: 'limit', message: 'must be given or change_percent, and not both' };
  if (limit === null) return null;
  const message = METERS[on].unit.refuse(limit);
  return message === null ? null : { field: 'limit', message };
}
