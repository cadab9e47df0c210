import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { unpackBody, type UnpackingBounds } from './unpack-body.js';

const BOUNDS: UnpackingBounds = { bytesMax: 200_000, linesMax: Infinity, hold: () => true };
const unpack = (text: string, bounds: Partial<UnpackingBounds> = {}) =>
  unpackBody(gzipSync(text), 'gzip', { ...BOUNDS, ...bounds });
const code = (value: unknown) => (value as { code?: string }).code ?? 'taken';

describe('a body', () => {
  it('is what came where it says nothing of an encoding', async () => {
    const body = Buffer.from('{}');
    expect(await unpackBody(body, undefined, BOUNDS)).toBe(body);
    expect(await unpackBody(body, 'identity', BOUNDS)).toBe(body);
  });

  it('is unpacked from gzip, however that is spelled and however long', async () => {
    const text = 'Zoë\n'.repeat(30_000);
    expect(await unpack(text)).toEqual(Buffer.from(text));
    expect(await unpackBody(gzipSync('{}'), 'GZip', BOUNDS)).toEqual(Buffer.from('{}'));
  });

  it('is refused in another encoding', async () => {
    expect(await unpackBody(Buffer.from('{}'), 'br', BOUNDS)).toEqual({
      code: 'unsupported_encoding',
      message: expect.stringMatching(/Content-Encoding.*gzip/),
      field: null,
    });
  });

  it('may unpack to just as much as it may have', async () => {
    expect(code(await unpack('x'.repeat(100), { bytesMax: 100 }))).toBe('taken');
    expect(await unpack('x'.repeat(101), { bytesMax: 100 })).toEqual({
      code: 'body_too_large',
      message: expect.stringMatching(/more than 100 bytes/),
      field: null,
    });
  });

  it('is refused for now when there is no room for what unpacks', async () => {
    let held = 0;
    const hold = (bytes: number) => (held += bytes) <= 150_000;
    expect(code(await unpack('x'.repeat(150_000), { hold }))).toBe('taken');
    held = 0;
    expect(code(await unpack('x'.repeat(150_001), { hold }))).toBe('overloaded');
  });

  it.each([
    ['cut off', gzipSync('x'.repeat(1_000)).subarray(0, 20)],
    ['none', Buffer.from('plain text')],
  ])('is refused as gzip that is %s', async (_, body) => {
    expect(await unpackBody(body, 'gzip', BOUNDS)).toEqual({
      code: 'malformed_gzip',
      message: expect.stringMatching(/valid gzip/),
      field: null,
    });
  });
});

describe('the lines of a body', () => {
  it.each([
    ['three', 'a\nb\nc', 3],
    ['three, with an end', 'a\nb\nc\n', 3],
    ['three, with empty ones', '\n \r\na b\n\n\t\nb\n  c', 3],
    ['three that are longer than a piece', `${'x'.repeat(70_000)}\n`.repeat(3).trim(), 3],
    ['none', ' \n\t\r\n', 0],
  ])('are counted where they hold something: %s', async (_, text, count) => {
    const bytesMax = 300_000;
    expect(code(await unpack(text, { bytesMax, linesMax: count }))).toBe('taken');
    const fewer = await unpack(text, { bytesMax, linesMax: count - 1 });
    expect(code(fewer)).toBe('too_many_events');
  });

  it('are as many as there are where nothing bounds them', async () => {
    expect(code(await unpack('a\n'.repeat(5_000)))).toBe('taken');
  });
});
