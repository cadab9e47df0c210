import { describe, expect, it } from '@jest/globals';
import { decodeRecord, encodeRecord } from './record-encoding.js';

const headers = { schema: 'usage.recorded.v1', count: '2' };

describe('the encoding of a record', () => {
  it('gives back what it was given, and makes a repetitive value smaller', () => {
    const value = Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id }))));
    const encoded = encodeRecord({ headers, value });
    expect(encoded.headers).toEqual({ ...headers, encoding: 'zstd' });
    expect(encoded.value.length).toBeLessThan(value.length / 2);
    expect(decodeRecord(encoded)).toEqual({ headers, value });
  });

  it('leaves a small value as it is', () => {
    const record = { headers, value: Buffer.from('{"v":1}') };
    expect(encodeRecord(record)).toEqual(record);
    expect(decodeRecord(record)).toEqual(record);
  });

  it('hands over bytes that cannot be decoded untouched, still marked as encoded', () => {
    const broken = { headers: { ...headers, encoding: 'zstd' }, value: Buffer.from('not zstd') };
    expect(decodeRecord(broken)).toEqual(broken);
  });
});
