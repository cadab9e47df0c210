import { describe, expect, it, jest } from '@jest/globals';
import { AttemptSlots } from './attempt-slots.js';

const slots = () => new AttemptSlots({ inFlightMax: 4, perEndpointMax: 2, slowMs: 1_000 });

describe('the places for attempts', () => {
  const taken = (places: AttemptSlots, ids: string[]) =>
    ids.filter((id) => places.take(id) !== null).join('');

  it('are bounded for each endpoint, and half of all are for first attempts alone', () => {
    const places = slots();
    expect(taken(places, ['a', 'a', 'a', 'b', 'b', 'c', 'd'])).toBe('aabc');
    expect(places.total).toBe(4);
  });

  it('of endpoints in trouble are one each, and apart from those of the others', () => {
    const places = slots();
    for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) places.take(id)?.free(false);
    expect(['d1', 'd1', 'd2', 'd3', 'd4', 'd5'].map((id) => places.take(id) !== null)).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(taken(places, ['a', 'b', 'c', 'd', 'e'])).toBe('abcd');
  });

  it('are given back by an endpoint that turns out slow, while its attempts go on', () => {
    jest.useFakeTimers();
    try {
      const places = slots();
      expect(taken(places, ['s', 's', 't', 'u', 'a'])).toBe('sstu');
      jest.advanceTimersByTime(1_000);
      expect(places.take('a')).not.toBeNull();
      expect(places.take('s')).toBeNull();
    } finally {
      jest.useRealTimers();
    }
  });

  it('are whole again after a success', () => {
    const places = slots();
    places.take('a')?.free(false);
    expect(places.room()).toMatchObject({
      named: { a: 1 },
      troubled: { total: 4, endpoints: ['a'] },
    });
    places.take('a')?.free(true);
    expect(places.room()).toEqual({
      healthy: 4,
      troubled: { total: 4, endpoints: [] },
      named: {},
      others: 2,
    });
  });
});
