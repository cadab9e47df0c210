import { secondsOf } from './file-seconds.js';

interface TestFile {
  path: string;
}

/** Jest's order of test files: the longest first, so that no long one is alone at the end, and as much for each process. */
export default class LongestFirst {
  sort<T extends TestFile>(files: readonly T[]): T[] {
    return files.toSorted((a, b) => secondsOf(b.path) - secondsOf(a.path));
  }

  /** What `--shard` gives to one of several processes: each file goes to the one with the least to do. */
  shard<T extends TestFile>(
    files: readonly T[],
    { shardIndex, shardCount }: { shardIndex: number; shardCount: number },
  ): T[] {
    const shares = Array.from({ length: shardCount }, () => ({ seconds: 0, files: [] as T[] }));
    const byPath = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    for (const file of this.sort(byPath)) {
      const least = shares.reduce((best, one) => (one.seconds < best.seconds ? one : best));
      least.seconds += secondsOf(file.path);
      least.files.push(file);
    }
    return shares[shardIndex - 1]!.files;
  }

  /** Jest's own order remembers the last run here. */
  cacheResults(): void {}
}
