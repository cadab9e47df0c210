export interface AskedKeys {
  /** The last key of the page before; null on the first. */
  after: string | null;
  keysMax: number;
  isAsked: (key: string) => boolean;
}

/** The lowest keys that are asked for, in their order, out of any number that come some at a time: few are held. */
export async function lowestKeys(
  slices: AsyncIterable<readonly string[]>,
  { after, keysMax, isAsked }: AskedKeys,
): Promise<string[]> {
  let lowest: string[] = [];
  for await (const slice of slices) {
    const above = lowest.length < keysMax ? null : lowest.at(-1)!;
    const news = slice.filter(
      (key) => (after === null || key > after) && (above === null || key < above) && isAsked(key),
    );
    if (news.length > 0) lowest = [...new Set([...lowest, ...news])].sort().slice(0, keysMax);
  }
  return lowest;
}
