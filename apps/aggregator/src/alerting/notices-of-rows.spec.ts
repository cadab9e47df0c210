import { describe, expect, it } from '@jest/globals';
import type { SetAsideRow, UsageRow } from '#clickhouse';
import { EVENT_TYPES, type PricedUsage } from '#contracts';
import { pricedUsage } from '#samples';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { noticesOf } from './notices-of-rows.js';

const NOW = Date.parse('2026-11-03T00:00:01.000Z');
const ON_MONDAY = '2026-11-02T23:59:59.999Z';
const ON_TUESDAY = '2026-11-03T00:00:00.000Z';

const unpriced = (overrides: Partial<PricedUsage> & { id: string }, appendedAt = ON_MONDAY) =>
  counted(
    {
      model: 'gpt-7',
      cost: {
        state: 'unpriced',
        reason: 'unknown_model',
        detail: '',
        partial: '0',
        lines: [],
        price_version: 'v1',
      },
      ...overrides,
    },
    appendedAt,
  );

function counted(
  overrides: Partial<PricedUsage> & { id: string },
  appendedAt = ON_MONDAY,
): UsageRow {
  const origin = { cluster: 'c1', partition: 0, offset: '7', appended_at: appendedAt };
  return { usage: pricedUsage(overrides), origin, index: 0 };
}

const quarantined = (overrides: Partial<SetAsideRow>): SetAsideRow => ({
  decidedAs: 'quarantined',
  project: 'p1',
  source: 'api',
  id: 'q1',
  identity: null,
  content: null,
  countedContent: null,
  customer: null,
  eventTime: null,
  receivedAt: null,
  reason: 'invalid_event',
  detail: 'modell is unknown',
  payload: '{}',
  payloadEncoding: 'json',
  origin: { cluster: 'c1', partition: 0, offset: '8', appended_at: ON_MONDAY },
  index: 0,
  ...overrides,
});

const notices = (rows: { counted?: UsageRow[]; setAside?: SetAsideRow[] }) =>
  noticesOf({ counted: [], setAside: [], ...rows }, NOW);

describe('noticesOf', () => {
  it('tells of each model without a price once for each provider, reason and day', () => {
    const all = notices({
      counted: [
        counted({ id: 'priced' }),
        unpriced({ id: 'first' }),
        unpriced({ id: 'again' }),
        unpriced({ id: 'elsewhere', provider: 'azure' }),
        unpriced({ id: 'other model', model: null }),
        unpriced({ id: 'other project', project: 'p2' }),
        unpriced({ id: 'next day' }, ON_TUESDAY),
      ],
    });
    expect(all.map(({ alert }) => alert.data['event_id'])).toEqual([
      'first',
      'elsewhere',
      'other model',
      'other project',
      'next day',
    ]);
    expect(new Set(all.map(({ alert }) => alert.id)).size).toBe(5);
    expect(all[0]).toMatchObject({
      day: '2026-11-02',
      alert: {
        project: 'p1',
        type: 'model.unpriced',
        raised_at: '2026-11-03T00:00:01.000Z',
        raised_by: null,
        data: {
          provider: 'openai',
          model: 'gpt-7',
          reason: 'unknown_model',
          source: 'api',
          event_id: 'first',
          event_time: '2026-11-02T10:20:30.123Z',
        },
      },
    });
  });

  it('gives the same id whenever and from whichever row it is raised', () => {
    const [first] = notices({ counted: [unpriced({ id: 'a' })] });
    const later = noticesOf({ counted: [unpriced({ id: 'b' })], setAside: [] }, NOW + 86_400_000);
    expect(later[0]?.alert.id).toBe(first?.alert.id);
  });

  it('tells of quarantine once for each reason and day, and nobody where no project could be read', () => {
    const all = notices({
      setAside: [
        quarantined({}),
        quarantined({ id: 'q2' }),
        quarantined({ reason: 'not_json', source: null, id: null }),
        quarantined({ project: null, reason: 'unreadable_record' }),
        quarantined({ project: '' }),
        quarantined({ decidedAs: 'repeat', reason: 'same_content' }),
      ],
    });
    expect(
      all.map(({ alert }) => [alert.type, alert.data['reason'], alert.data['event_id']]),
    ).toEqual([
      ['usage.quarantined', 'invalid_event', 'q1'],
      ['usage.quarantined', 'not_json', null],
    ]);
  });

  it('says what its type promises, also of what is no text and of what is long', () => {
    const all = notices({
      counted: [unpriced({ id: 'a', provider: null })],
      setAside: [quarantined({ detail: `\0\ud800${'x'.repeat(1_000)}` })],
    });
    const ajv = new Ajv2020({ allowUnionTypes: true });
    for (const { alert } of all) {
      const { schema } = EVENT_TYPES.find(({ type }) => type === alert.type)!;
      expect([ajv.validate(schema, alert.data), ajv.errors]).toEqual([true, null]);
    }
    expect(all[1]?.alert.data['detail']).toBe(`\ufffd\ufffd${'x'.repeat(498)}`);
  });
});
