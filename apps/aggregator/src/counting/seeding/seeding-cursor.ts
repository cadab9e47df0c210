/** Stored usage that a watch does not hold yet, and how far the adding of it has come. */
export interface Gap {
  /** Positions of this cluster, `from` inclusive, `below` exclusive; without `from`, all of earlier clusters as well. */
  cluster: string;
  from: bigint | null;
  below: bigint;
  /** Clusters that came later: what they bring is counted by itself. */
  later: readonly string[];
  /** When it was found: windows that no event could reach then are left out. */
  asOfMs: number;
  /** Event times that are to be added: what lies before `atMs` is. */
  atMs: number;
  endMs: number;
  /** The end of the slice of which some is added; null between two slices. */
  toMs: number | null;
  /** How many sums of that slice are added, in their order. */
  added: number;
}

/** A watch in one partition whose stored usage is being added. */
export interface WatchSeeding {
  /** Of the limits that it was last held against as a whole; of a new watch, of those when it began. */
  revision: string;
  gaps: readonly Gap[];
}

/** Positions that may hold usage of the project and were passed over by the mark. */
export interface UnseenRange {
  cluster: string;
  from: bigint;
  below: bigint;
}

type GapText = [
  cluster: string,
  from: string | null,
  below: string,
  later: readonly string[],
  asOfMs: number,
  atMs: number,
  endMs: number,
  toMs: number | null,
  added: number,
];

export function encodeSeeding({ revision, gaps }: WatchSeeding): string {
  const texts = gaps.map((gap): GapText => [
    gap.cluster,
    gap.from === null ? null : String(gap.from),
    String(gap.below),
    gap.later,
    gap.asOfMs,
    gap.atMs,
    gap.endMs,
    gap.toMs,
    gap.added,
  ]);
  return JSON.stringify([revision, texts]);
}

export function decodeSeeding(text: string): WatchSeeding {
  const [revision, gaps] = JSON.parse(text) as [string, GapText[]];
  return {
    revision,
    gaps: gaps.map(([cluster, from, below, later, asOfMs, atMs, endMs, toMs, added]) => ({
      cluster,
      from: from === null ? null : BigInt(from),
      below: BigInt(below),
      later,
      asOfMs,
      atMs,
      endMs,
      toMs,
      added,
    })),
  };
}

export function encodeRanges(ranges: readonly UnseenRange[]): string {
  if (ranges.length === 0) return '';
  return JSON.stringify(
    ranges.map(({ cluster, from, below }) => [cluster, String(from), String(below)]),
  );
}

export function decodeRanges(text: string): UnseenRange[] {
  const ranges = JSON.parse(text) as [string, string, string][];
  return ranges.map(([cluster, from, below]) => ({
    cluster,
    from: BigInt(from),
    below: BigInt(below),
  }));
}
