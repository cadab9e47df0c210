import { expect } from '@jest/globals';
import { eventually, type LoadedPlatform } from '#testing';
import { readStoredCounters } from '../invariants/stored-counters.js';
import type { NumberedUsage } from './numbered-usage.js';

const SETTLED_MS_MAX = 30_000;

/** A plan that its owner had written and not finished when it died. */
export interface StandingPlan {
  token: string;
  rows: number;
}

/** What must be in the stores once a backlog is drained, whatever was killed meanwhile. */
export class DrainedBacklog {
  constructor(
    private readonly test: LoadedPlatform,
    private readonly usage: NumberedUsage,
  ) {}

  /** By slice: events, tokens in and out, dollars. */
  private async sumsOf(sql: string): Promise<Record<string, string>> {
    const rows = (await this.test.load.query(sql)) as string[][];
    return Object.fromEntries(rows.map(([name, ...sums]) => [name!, sums.join(' ')]));
  }

  async expectExactSums(): Promise<void> {
    const ofProject = `project = '${this.test.platform.demoAccess.project}'`;
    const tokensAndCost = (table: string) =>
      ['input_tokens', 'output_tokens', 'cost']
        .map((column) => `toString(sum(${table}.${column}))`)
        .join(', ');
    const expected = this.usage.sumsBy(({ customer, model, day }) => `${customer} ${model} ${day}`);
    expect(
      await this.sumsOf(`
      SELECT concat(customer, ' ', model, ' ', toString(toDate(event_time))) AS slice, toString(count()), ${tokensAndCost('usage_raw')}
      FROM usage_raw WHERE ${ofProject} GROUP BY slice`),
    ).toEqual(expected);
    expect(
      await this.sumsOf(`
      SELECT concat(customer, ' ', model, ' ', toString(day)) AS slice, toString(sum(events)), ${tokensAndCost('usage_per_day')}
      FROM usage_per_day WHERE ${ofProject} GROUP BY slice`),
    ).toEqual(expected);
    expect(
      await this.sumsOf(`
      SELECT concat(model, ' ', toString(toDate(hour))) AS slice, toString(sum(events)), ${tokensAndCost('usage_per_hour')}
      FROM usage_per_hour WHERE ${ofProject} GROUP BY slice`),
    ).toEqual(this.usage.sumsBy(({ model, day }) => `${model} ${day}`));
  }

  /** Each event, each identity and each repeat once. */
  async expectNoDoubles(events: number, repeatedAtLeast: number): Promise<void> {
    const ofProject = `project = '${this.test.platform.demoAccess.project}'`;
    const position = '(origin_cluster, origin_partition, origin_offset, origin_index)';
    const [counts] = await this.test.load.query(`
    SELECT
      (SELECT (toUInt32(count()), toUInt32(uniqExact(id)), toUInt32(uniqExact${position})) FROM usage_raw WHERE ${ofProject}),
      (SELECT (toUInt32(count()), toUInt32(uniqExact(identity))) FROM usage_identities WHERE ${ofProject}),
      (SELECT toUInt32(count()) FROM usage_set_aside WHERE ${ofProject}),
      (SELECT toUInt32(uniqExactIf(${position}, decided_as = 'repeat')) FROM usage_set_aside WHERE ${ofProject})`);
    const [raw, identities, setAside, repeats] = counts as [number[], number[], number, number];
    expect(raw).toEqual([events, events, events]);
    expect(identities).toEqual([events, events]);
    expect(setAside).toBe(repeats);
    expect(repeats).toBeGreaterThanOrEqual(repeatedAtLeast);
  }

  async expectExactCounters(budgets: { lifetime: string; day: string }): Promise<void> {
    const { engines } = this.test.platform.surroundings;
    const { project } = this.test.platform.demoAccess;
    const { lifetime, day } = budgets;
    const expected = {
      lifetime: this.usage.countersBy(
        ({ customer }) => `null {"customer":"${customer}"}`,
        ({ pico }) => pico,
      ),
      day: this.usage.countersBy(
        (slice) => `${Date.parse(slice.day)} {"model":"${slice.model}"}`,
        ({ input, output }) => BigInt(input + output),
      ),
    };
    const read = async () => {
      const stored = await readStoredCounters(engines.redisUrl, project, new Set([lifetime]));
      return { lifetime: stored.get(lifetime), day: stored.get(day) };
    };
    // What is stored is counted; the console's own look needs nothing more.
    await eventually(
      async () => ((await read()).lifetime?.size === expected.lifetime.size ? true : null),
      SETTLED_MS_MAX,
    ).catch(() => undefined);
    expect(await read()).toEqual(expected);
  }

  /** A plan that was left standing is in the tables under its own token, with as many rows as it was written for. */
  async expectWhole(plans: readonly StandingPlan[]): Promise<void> {
    for (const { token, rows } of plans) {
      const [counts] = await this.test.load.query(`
      SELECT (SELECT toUInt32(count()) FROM usage_raw WHERE plan_token = '${token}')
        + (SELECT toUInt32(count()) FROM usage_set_aside WHERE plan_token = '${token}')`);
      expect([token, ...counts!]).toEqual([token, rows]);
    }
  }
}
