import { expect, test } from '@jest/globals';
import { BodyRoom } from './body-room.js';

test('a room is filled to its last byte by several holders, of whom none has more than half', () => {
  const room = new BodyRoom(100);
  const [one, other, third] = ['p1', 'p2', 'p3'].map((holder) => room.open(holder));
  expect([one!.add(50), one!.add(1), room.open('p1').add(1)]).toEqual([true, false, false]);
  expect([other!.add(49), third!.add(2), third!.add(1), other!.add(1)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test('what a request held is free again once it is released, and only once', () => {
  const room = new BodyRoom(100);
  const [former, latter] = [room.open('p1'), room.open('p1')];
  expect([former.add(20), former.add(20), latter.add(10), latter.add(1)]).toEqual([
    true,
    true,
    true,
    false,
  ]);
  former.release();
  former.release();
  expect([latter.add(40), latter.add(1)]).toEqual([true, false]);
});
