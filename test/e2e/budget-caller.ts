import { expect } from '@jest/globals';
import { eventually } from '#testing';
import type { AlertInbox } from './alert-inbox.js';
import type { ApiClient } from './api-client.js';

const ARRIVES_MS_MAX = 2_000;
const CALL = {
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1_000, output_tokens: 500 },
};
const MONTH = { kind: 'calendar', unit: 'month', time_zone: 'UTC' };

/** One who makes budgets, sends usage and reads what arrives of it. */
export class BudgetCaller {
  private made = 0;

  constructor(
    private readonly client: ApiClient,
    private readonly inbox: AlertInbox,
  ) {}

  /** A budget on the cost of a month unless `fields` say otherwise. */
  async make(fields: Record<string, unknown>): Promise<string> {
    this.made += 1;
    const body = { name: `budget ${this.made}`, on: 'cost', window: MONTH, ...fields };
    const answer = await this.client.ask<{ id: string }>('POST', '/v1/budgets', { body });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return answer.body.id;
  }

  async change(budget: string, body: Record<string, unknown>): Promise<void> {
    const answer = await this.client.ask('PATCH', `/v1/budgets/${budget}`, { body });
    expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  }

  /** What the console says of it. */
  async stateOf(budget: string): Promise<unknown> {
    return (await this.client.get<{ state: string }>(`/v1/budgets/${budget}`)).body.state;
  }

  async remove(budget: string): Promise<void> {
    expect((await this.client.ask('DELETE', `/v1/budgets/${budget}`)).status).toBe(200);
  }

  /** A call of $0.0075, 1,500 tokens, unless `event` says otherwise. */
  async send(event: Record<string, unknown>): Promise<void> {
    expect((await this.client.send({ ...CALL, ...event })).body).toMatchObject({ accepted: 1 });
  }

  /** Type, threshold and value of all that came of a budget, once there are so many; 2 s are promised. */
  async alertsOf(budget: string, count: number): Promise<unknown[][]> {
    const events = await eventually(() => {
      const found = this.inbox.of(budget);
      return found.length >= count ? found : null;
    }, ARRIVES_MS_MAX);
    return events.map(({ type, data }) => [
      type,
      data['threshold'] ?? data['cause'],
      data['value'],
    ]);
  }

  /** What was changed, made or sent before this has had its effect: they are taken up in their order. */
  async untilTakenUp(): Promise<void> {
    const customer = `mark-${this.made}`;
    const mark = await this.make({ on: 'events', scope: { customer }, limit: '1' });
    await this.send({ id: customer, customer });
    await this.alertsOf(mark, 1);
  }
}

/** An order for what arrives in none: alerts of one event are sent side by side. */
export function byText(one: unknown[], other: unknown[]): number {
  return String(one) < String(other) ? -1 : 1;
}
