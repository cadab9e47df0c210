import { ConsoleHarness } from './console-harness.js';

const URL = '/v1/erasures';

interface Told {
  id: string;
  user?: string | null;
  customer?: string | null;
  at?: string;
  received_at?: string;
}

/** Calls of two projects that have usage about persons, and what is left of it. */
export class ErasureCaller {
  mine!: { project: string; key: string };
  other!: { project: string; key: string };

  private constructor(readonly harness: ConsoleHarness) {}

  static async open(): Promise<ErasureCaller> {
    return new ErasureCaller(await ConsoleHarness.open());
  }

  close(): Promise<void> {
    return this.harness.close();
  }

  /** Two projects that have nothing yet. */
  async renew(): Promise<void> {
    this.mine = await this.harness.newProject();
    this.other = await this.harness.newProject();
  }

  post(body: unknown, { key = this.mine.key, url = URL } = {}) {
    return this.harness.call('POST', url, { key, body });
  }

  get(url = URL, key = this.mine.key) {
    return this.harness.call('GET', url, { key });
  }

  find(id: string, key = this.mine.key) {
    return this.get(`${URL}/${id}`, key);
  }

  /** Events of $0.0075 each, in `project`. */
  send(project: string, events: readonly Told[]): Promise<void> {
    return this.harness.store(
      events.map(({ id, at = '2026-11-02T10:20:30.123Z', ...names }) => ({
        id: `${project} ${id}`,
        project,
        event_time: at,
        conversation: 'c',
        provider_response_id: 'r',
        properties: { plan: 'pro', phone: '555' },
        ...names,
      })),
    );
  }

  async usage(groupBy: string, key = this.mine.key): Promise<unknown[]> {
    const period = 'from=2026-10-01T00:00:00Z&to=2026-12-01T00:00:00Z';
    const { body } = await this.get(`/v1/usage?${period}&group_by=${groupBy}`, key);
    return body.data.map(({ [groupBy]: group, events, cost }) => [group, events, cost]);
  }

  /** What rows of raw usage say beside their sums, by what is left of it. */
  async rows(project = this.mine.project): Promise<unknown[]> {
    const answer = await this.harness.clickhouse.query({
      query: `SELECT count()::UInt32, customer, user, conversation, provider_response_id, mapKeys(properties) AS names
        FROM usage_raw WHERE project = {project:String} GROUP BY customer, user, conversation, provider_response_id, names ORDER BY customer, user`,
      query_params: { project },
      format: 'JSONCompactEachRow',
    });
    return answer.json();
  }
}
