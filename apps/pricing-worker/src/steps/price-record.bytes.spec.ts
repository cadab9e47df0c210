import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPriceBook, type PriceBook } from '#rating';
import { priceRecord } from './price-record.js';

let book: PriceBook;
beforeAll(async () => {
  book = await createPriceBook();
});

const origin = {
  cluster: 'c1',
  partition: 5,
  offset: '42',
  appended_at: '2026-11-01T10:00:01.000Z',
};
const batch = {
  project: 'p1',
  key: 'k1',
  request_id: 'r1',
  received_at: '2026-11-01T10:00:00.000Z',
};

describe('any bytes at all', () => {
  it('give a record, never a throw', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: false }), fc.uint8Array(), (event, noise) => {
        const wrapped = Buffer.from(
          JSON.stringify({ v: 1, batches: [{ ...batch, events: [event] }] }) ?? '',
        );
        for (const value of [
          wrapped,
          Buffer.from(noise),
          Buffer.from(JSON.stringify(event) ?? ''),
        ]) {
          const { items } = priceRecord({ headers: {}, value }, origin, (request) =>
            book.rateUsage(request),
          );
          expect(items).toHaveLength(1);
        }
      }),
    );
  });
});
