import { ApiError } from '#http';
import { inTransaction, type LimitedKind, LimitedThings, type Postgres } from '#postgres';
import { notFound } from '../found.js';

/**
 * Creates what a project may have so much of, and takes it back where that is one too many. Creations of a project come
 * one behind another, so that two of them never both take the last place.
 * @throws ApiError 409 at the limit, 404 when the project is gone.
 */
export function withinLimit<T>(
  postgres: Postgres,
  project: string,
  kind: LimitedKind,
  create: (transaction: Postgres) => Promise<T>,
): Promise<T> {
  return inTransaction(postgres, async (transaction) => {
    const things = new LimitedThings(transaction);
    const most = await things.lockedLimit(project, kind);
    if (most === undefined) throw notFound('project');
    const made = await create(transaction);
    if ((await things.used(project, kind)) > most) throw tooMany(kind, most);
    return made;
  });
}

function tooMany(kind: LimitedKind, most: number): ApiError {
  const message = `a project may have ${most} ${kind.replaceAll('_', ' ')}: delete one, or ask who runs this installation to raise limits.${kind} of the project`;
  return new ApiError(409, 'limit_reached', message, [{ field: kind, message }]);
}
