import { dimensionOf, scopeEntries } from '#meters';
import { timeZoneNamed } from '#windows';
import { limitsOf } from './budget-limits.js';
import { type CompiledWatch, isSliding } from './compile-watch.js';
import { slidingBoundsOf } from './sliding-bounds.js';

/** A watch by which nothing can be counted, and why. */
export interface RefusedWatch {
  refused: string;
}

/**
 * Computes all that counting computes of a definition, once, so that what cannot be computed is found by itself and not
 * in the midst of the watches beside it. Behind it no definition throws.
 */
export function compileIfSound<Compiled extends CompiledWatch>(
  compile: () => Compiled,
): Compiled | RefusedWatch {
  try {
    const compiled = compile();
    const refused = refusalOf(compiled);
    return refused === null ? compiled : { refused };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function refusalOf(compiled: CompiledWatch): string | null {
  const { watch, meter, windows, budget } = compiled;
  // A name that this version does not know leads to nothing, whatever its type says.
  if ((meter as unknown) === undefined) return `nothing is measured by "${watch.on}"`;
  const dimensions = [...scopeEntries(watch.scope).map(([name]) => name), ...watch.per];
  const unknown = dimensions.find((name) => (dimensionOf(name) as unknown) === undefined);
  if (unknown !== undefined) return `there is no dimension "${unknown}"`;
  if (budget?.window.kind === 'calendar' && timeZoneNamed(budget.window.time_zone) === null)
    return `"${budget.window.time_zone}" is no IANA time zone such as "Europe/Berlin"`;
  const window = windows.of(Date.parse(watch.created_at));
  if (!(window.startMs < window.endMs)) return 'its windows have no length';
  // Before a raise ends, and behind it.
  for (const timeMs of [-Infinity, Infinity]) {
    if (isSliding(compiled)) slidingBoundsOf(compiled, timeMs);
    if (compiled.budget !== null && Number.isNaN(limitsOf(compiled, timeMs).sinceMs))
      return 'the times of its limits are no times';
  }
  return null;
}
