/**
 * Cuts what one batch holds into parts in which projects take turns: in each part at most `ofProject` of one while others
 * wait, and at most `together` of all, in the order in which each project's own came.
 */
export function takeTurns<T>(
  items: readonly T[],
  projectOf: (item: T) => string,
  max: { ofProject: number; together: number },
): T[][] {
  const parts: T[][] = [];
  const waiting = Map.groupBy(items, projectOf);
  while (waiting.size > 0) {
    let part: T[] = [];
    const each = waiting.size === 1 ? max.together : max.ofProject;
    for (const [project, own] of waiting) {
      const taken = own.splice(0, each);
      if (own.length === 0) waiting.delete(project);
      for (const item of taken) {
        if (part.length === max.together) {
          parts.push(part);
          part = [];
        }
        part.push(item);
      }
    }
    parts.push(part);
  }
  return parts;
}
