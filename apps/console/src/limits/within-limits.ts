import { TAGS_MAX } from '#contracts';
import { ApiError } from '#http';
import { inTransaction, type LimitedKind, LimitedThings, type Postgres } from '#postgres';
import { notFound } from '../found.js';

/**
 * Creates what a project may have so much of, and takes it back where that is one too many. Creations of a project come
 * one behind another, so that two of them never both take the last place.
 * @throws ApiError 409 at one of the limits, 404 when the project is gone.
 */
export function withinLimits<T>(
  postgres: Postgres,
  project: string,
  kinds: readonly LimitedKind[],
  create: (transaction: Postgres) => Promise<T>,
): Promise<T> {
  return inTransaction(postgres, async (transaction) => {
    const things = new LimitedThings(transaction);
    const limits = await things.lockedLimits(project);
    if (limits === undefined) throw notFound('project');
    const made = await create(transaction);
    for (const kind of kinds) {
      const used = await things.used(project, kind);
      if (used > limits[kind]) throw tooMany(kind, { most: limits[kind], used });
    }
    return made;
  });
}

function tooMany(kind: LimitedKind, { most, used }: { most: number; used: number }): ApiError {
  const problem =
    kind === 'counters_per_event'
      ? `with it one event may add to ${used} counters of the project's budgets and rates, and a project may have ${most}: delete some, each with "tag" in \`per\` takes ${TAGS_MAX}`
      : `a project may have ${most} ${kind.replaceAll('_', ' ')}: delete one`;
  const message = `${problem}, or ask who runs this installation to raise limits.${kind} of the project`;
  return new ApiError(409, 'limit_reached', message, [{ field: kind, message }]);
}
