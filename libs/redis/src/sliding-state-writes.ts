import { randomUUID } from 'node:crypto';
import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { RedisScript } from './redis-script.js';
import { scanFiring } from './scan-firing.js';
import { type SlidingCheck, slidingPayload } from './sliding-check.js';
import { limbsOf } from './two-limbs.js';

/** What is known of a counter from elsewhere: the names of the thresholds that it has reached, under which arming number. */
export interface KnownState {
  key: string;
  reached: string[];
  arming: number;
  /** RFC 3339. */
  since: string;
  limitsArming: number;
}

const FORGET_MS = 3_600_000;
/** A millisecond or two of Redis' time. */
const STATES_AT_ONCE = 500;
/** Two hours: an aggregator's clock may lag behind. */
const KEEP_BASELINE_MS = 7_200_000;

/** Moves what sliding counters are known to have reached. */
export class SlidingStateWrites {
  private readonly judgeScript = new RedisScript(
    'amounts',
    'pending-alert',
    'sliding',
    'judge-sliding',
  );
  private readonly restoreScript = new RedisScript('restore-states');

  constructor(private readonly redis: Redis) {}

  /**
   * Holds counters against their bounds. `waiting` of them could not be judged, since some partition has not brought its
   * usage; `pendingAlerts` wait to be raised.
   */
  async judge(
    project: string,
    at: string,
    checks: SlidingCheck[],
  ): Promise<{ waiting: number; pendingAlerts: number; refusedKeys: number }> {
    const payload = { at, watches: checks.map((check) => slidingPayload(project, check)) };
    const answer = await this.judgeScript.run(
      this.redis,
      [counterKeys.pending(project), counterKeys.firing(project)],
      [JSON.stringify(payload)],
    );
    const [waiting, pendingAlerts, refusedKeys] = answer as [number, number, number];
    return { waiting, pendingAlerts, refusedKeys };
  }

  /**
   * Moves the states of a watch forward to what is known elsewhere, never back. Answers the keys of those that it moved;
   * then every one of the partitions has to catch up before a counter may recover.
   */
  async restore(
    project: string,
    watchId: string,
    known: KnownState[],
    partitions: number,
  ): Promise<string[]> {
    const moved: string[] = [];
    for (let from = 0; from < known.length; from += STATES_AT_ONCE) {
      const some = known.slice(from, from + STATES_AT_ONCE);
      moved.push(...(await this.restoreSome(project, watchId, some, partitions)));
    }
    return moved;
  }

  private async restoreSome(
    project: string,
    watchId: string,
    known: KnownState[],
    partitions: number,
  ): Promise<string[]> {
    const list = known.map(({ key, reached, arming, since, limitsArming }) => [
      key,
      reached.join(','),
      arming,
      since,
      limitsArming,
    ]);
    const moved = await this.restoreScript.run(
      this.redis,
      [
        counterKeys.states(project, watchId),
        counterKeys.firing(project),
        counterKeys.behind(project),
      ],
      [watchId, String(partitions), JSON.stringify(list)],
    );
    return moved as string[];
  }

  /** The bounds of a rate's counters for one hour, whole and at once. The first to come stand. */
  async setBaseline(
    project: string,
    definition: string,
    hourMs: number,
    bounds: ReadonlyMap<string, bigint | number>,
  ): Promise<void> {
    const key = counterKeys.baseline(project, definition, hourMs);
    const draft = `${key}:${randomUUID()}`;
    // The empty field says that they are here, also when no counter has one.
    await this.redis.hset(draft, '', '');
    await this.redis.pexpire(draft, KEEP_BASELINE_MS);
    const pairs = [...bounds];
    for (let from = 0; from < pairs.length; from += STATES_AT_ONCE) {
      const fields = pairs
        .slice(from, from + STATES_AT_ONCE)
        .flatMap(([field, bound]) => [
          field,
          typeof bound === 'number' ? String(bound) : limbsOf(bound).join(':'),
        ]);
      await this.redis.hset(draft, ...fields);
    }
    if ((await this.redis.renamenx(draft, key)) === 0) await this.redis.unlink(draft);
  }

  /** Lets go of deleted watches. Somebody who has not heard of it may judge them once more: so not at once. */
  async forget(project: string, watchIds: string[]): Promise<void> {
    const gone = new Set(watchIds);
    for await (const members of scanFiring(this.redis, project)) {
      const firing = members.filter((member) => gone.has(member.slice(0, member.indexOf(' '))));
      if (firing.length > 0) await this.redis.srem(counterKeys.firing(project), ...firing);
    }
    await Promise.all(
      watchIds.map((watchId) =>
        this.redis.pexpire(counterKeys.states(project, watchId), FORGET_MS),
      ),
    );
  }
}
