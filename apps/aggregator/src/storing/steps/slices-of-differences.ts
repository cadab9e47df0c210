import type { ComparedSlices, RollupDifference } from '#clickhouse';

const DIFFERENCES_AT_ONCE = 200;

/** The slices that seem to differ, and little beside them, in pieces that are soon compared once more. */
export function slicesOfDifferences(differences: readonly RollupDifference[]): ComparedSlices[] {
  const byProject = Map.groupBy(differences, ({ slice }) => slice['project'] ?? '');
  return [...byProject].flatMap(([project, ofProject]) => {
    const pieces = Math.ceil(ofProject.length / DIFFERENCES_AT_ONCE);
    return Array.from({ length: pieces }, (_, at): ComparedSlices => {
      const from = at * DIFFERENCES_AT_ONCE;
      const piece = ofProject.slice(from, from + DIFFERENCES_AT_ONCE);
      const ofDays = piece.filter(({ table }) => table === 'usage_per_day');
      const ofHours = piece.filter(({ table }) => table === 'usage_per_hour');
      return {
        days: [...new Set(piece.map(dayOf))].toSorted(),
        projects: [project],
        customers: [...new Set(ofDays.map(({ slice }) => slice['customer'] ?? ''))],
        hours: [...new Set(ofHours.map(({ slice }) => Number(slice['hour']?.slice(11, 13))))],
        part: { at: 0, of: 1 },
      };
    });
  });
}

function dayOf({ slice }: RollupDifference): string {
  return (slice['day'] ?? slice['hour'] ?? '').slice(0, 10);
}
