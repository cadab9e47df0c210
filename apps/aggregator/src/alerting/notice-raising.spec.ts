import { describe, expect, it } from '@jest/globals';
import type { AlertRaised } from '#contracts';
import { createLogger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { NoticeRaising } from './notice-raising.js';
import type { Notice } from './notices-of-rows.js';

const metrics = new AggregatorMetrics();

function begin() {
  const log: string[] = [];
  let away = false;
  const raise = (alerts: readonly AlertRaised[]) => {
    if (away) return Promise.reject(new Error('Kafka is away'));
    log.push(...alerts.map(({ id }) => id));
    return Promise.resolve();
  };
  const notices = new NoticeRaising({ raise }, metrics, createLogger('test', 'fatal'));
  return { log, notices, setAway: (now: boolean) => (away = now) };
}

const notice = (id: string, day = '2026-11-02', project = 'p1'): Notice => ({
  day,
  alert: {
    v: 1,
    id,
    project,
    type: 'model.unpriced',
    raised_at: '2026-11-02T00:00:00.000Z',
    raised_by: null,
    data: {},
  },
});

describe('raising notices', () => {
  it('writes each once', async () => {
    const { log, notices } = begin();
    await notices.raise([notice('a'), notice('b')]);
    await notices.raise([notice('b'), notice('c')]);
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('writes again what was not acknowledged', async () => {
    const { log, notices, setAway } = begin();
    setAway(true);
    await expect(notices.raise([notice('a')])).rejects.toThrow('Kafka is away');
    setAway(false);
    await notices.raise([notice('a')]);
    expect(log).toEqual(['a']);
  });

  it('tells a project of a thousand a day at the most, and counts the rest', async () => {
    const { log, notices } = begin();
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, nth) => notice(`${prefix}${nth}`));
    await notices.raise(many('a', 950));
    await notices.raise([...many('b', 100), notice('of another', '2026-11-02', 'p2')]);
    await notices.raise([notice('of the next day', '2026-11-03')]);
    expect(log).toHaveLength(1_002);
    const { values } = await metrics.noticesWithheld.get();
    expect(values[0]?.value).toBe(50);
  });

  it('takes nothing from what one project may be told for what others are told beside it', async () => {
    const { log, notices } = begin();
    const first = Array.from({ length: 950 }, (_, nth) => notice(`a${nth}`));
    await notices.raise(first);
    const others = Array.from({ length: 50 }, (_, nth) => notice(`b${nth}`, '2026-11-02', 'p2'));
    const last = Array.from({ length: 50 }, (_, nth) => notice(`c${nth}`));
    await notices.raise([...others, ...last]);
    expect(log).toHaveLength(1_050);
  });
});
