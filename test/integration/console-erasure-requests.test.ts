import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Clock, createLogger } from '#platform';
import { Erasures } from '#postgres';
import { eventually } from '#testing';
import { oldestErasureSeconds, openErasures } from '../../apps/console/src/console.metrics.js';
import { ErasuresScheduler } from '../../apps/console/src/erasures/erasures.scheduler.js';
import { ErasuresService } from '../../apps/console/src/erasures/erasures.service.js';
import { Engines } from '../../apps/console/src/engines/engines.js';
import { ErasureCaller } from './erasure-caller.js';

let caller: ErasureCaller;

beforeAll(async () => {
  caller = await ErasureCaller.open();
});
afterAll(() => caller.close());
beforeEach(() => caller.renew());

describe('an erasure', () => {
  it('waits until all usage from before the request is stored', async () => {
    await caller.send(caller.mine.project, [{ id: '1', user: 'ann' }]);
    const { body } = await caller.post({ user: 'ann' });
    const requestedMs = Date.parse(String(body['created_at']));
    const look = (freshToMs: number | null, secondsLater = 60) => {
      const freshTo = freshToMs === null ? null : new Date(freshToMs).toISOString();
      const freshness = { freshTo: () => Promise.resolve(freshTo) };
      const clock = new Clock(secondsLater * 1_000);
      const logger = createLogger('console', 'fatal');
      const service = new ErasuresService(caller.harness.app.get(Engines), clock);
      return new ErasuresScheduler(service, freshness, clock, logger).look(() => false);
    };
    await look(null);
    await look(requestedMs - 1_000);
    await look(requestedMs + 1_000, 5);
    expect(await caller.usage('user')).toEqual([['ann', 1, '0.0075']]);
    await eventually(async () => {
      await look(requestedMs + 1_000);
      return (await caller.find(String(body['id']))).body['state'] === 'done' || null;
    });
    expect(await caller.usage('user')).toEqual([[body['id'], 1, '0.0075']]);
  });

  it('is one of twenty under way in a project at most', async () => {
    const asked = Array.from({ length: 20 }, (_, n) => caller.post({ user: `u${n}` }));
    for (const { status } of await Promise.all(asked)) expect(status).toBe(201);
    const refused = await caller.post({ user: 'one more' });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'limit_reached']);
    expect((await caller.post({ user: 'ann' }, { key: caller.other.key })).status).toBe(201);
  });

  it('is counted while it is open, with the age of the oldest', async () => {
    const { postgres, app } = caller.harness;
    const finishAll = () =>
      postgres.updateTable('erasures').set({ done_at: new Date() }).where('done_at', 'is', null);
    await finishAll().execute();
    const service = app.get(ErasuresService);
    const told = async (nowMs: number) => {
      const clock = new Clock();
      jest.spyOn(clock, 'now').mockReturnValue(nowMs);
      const logger = createLogger('console', 'fatal');
      const freshness = { freshTo: () => Promise.resolve(null) };
      await new ErasuresScheduler(service, freshness, clock, logger).count();
      const [open, age] = await Promise.all([openErasures.get(), oldestErasureSeconds.get()]);
      return [open.values[0]!.value, age.values[0]!.value];
    };
    expect(await told(Date.now())).toEqual([0, 0]);
    const first = await caller.post({ user: 'ann' });
    await caller.post({ user: 'bob' }, { key: caller.other.key });
    const row = await new Erasures(postgres).find(caller.mine.project, String(first.body['id']));
    const requestedMs = row!.requested_at.getTime();
    expect(await told(requestedMs + 90_500)).toEqual([2, 90.5]);
    await finishAll().execute();
    expect(await told(requestedMs + 90_500)).toEqual([0, 0]);
  });

  it('is asked for by who manages the project, about somebody, and seen by nobody else', async () => {
    expect((await caller.post({})).status).toBe(400);
    expect((await caller.post({ properties: ['phone'] })).status).toBe(400);
    expect((await caller.post({ user: '' })).status).toBe(400);
    expect((await caller.post({ customer: 'c\u0000' })).status).toBe(400);
    const reader = await caller.harness.newKey(caller.mine.project, ['read', 'ingest']);
    expect((await caller.post({ user: 'ann' }, { key: reader })).status).toBe(403);
    expect((await caller.get(undefined, reader)).status).toBe(403);
    const { body } = await caller.post({ user: 'ann' });
    expect((await caller.find(String(body['id']), caller.other.key)).status).toBe(404);
    expect((await caller.get(undefined, caller.other.key)).body.data).toEqual([]);
    expect((await caller.get()).body.data).toMatchObject([{ user: 'ann', state: 'under_way' }]);
  });
});
