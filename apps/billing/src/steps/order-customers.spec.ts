import { expect, test } from '@jest/globals';
import { orderCustomers } from './order-customers.js';

test('customers are named once each, by code units, and usage of nobody comes last', () => {
  expect(orderCustomers(['b', null, 'a', 'B', 'b', 'ä', null, 'a'])).toEqual([
    'B',
    'a',
    'b',
    'ä',
    null,
  ]);
  expect(orderCustomers(['a', null])).toEqual(['a', null]);
  expect(orderCustomers([null, 'a'])).toEqual(['a', null]);
  expect(orderCustomers([])).toEqual([]);
});
