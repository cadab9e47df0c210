import { describe, expect, it } from '@jest/globals';
import { newestFirst } from './newest-first.js';

const rows = [5, 4, 3, 2, 1].map((n) => ({ id: `r${n}`, created_at: new Date(n * 1000) }));

function list({ limit, after }: { limit: number; after?: { createdAt: Date } | undefined }) {
  const rest = rows.filter((row) => !after || row.created_at < after.createdAt);
  return Promise.resolve(rest.slice(0, limit));
}

describe('a list, the newest first', () => {
  it('is walked page by page to its end', async () => {
    const seen: string[][] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await newestFirst({ limit: 2, cursor }, list, ({ id }) => id);
      seen.push(page.data);
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([['r5', 'r4'], ['r3', 'r2'], ['r1']]);
  });

  const written = (position: unknown) =>
    Buffer.from(JSON.stringify(position)).toString('base64url');

  it.each(['', 'x', 'W10', written([1e99, 'a']), written([1_000, 'a\0'])])(
    'refuses a cursor that it never gave: "%s"',
    async (cursor) => {
      await expect(newestFirst({ cursor }, list, ({ id }) => id)).rejects.toMatchObject({
        status: 400,
        code: 'invalid_cursor',
      });
    },
  );
});
