import { describe, expect, it } from '@jest/globals';
import type { QuarantinedUsage } from '#contracts';
import { pricedUsage } from '#samples';
import { decideItems, unreadableRow } from './decide-items.js';

const origin = {
  cluster: 'c1',
  partition: 5,
  offset: '42',
  appended_at: '2026-11-02T10:20:31.500Z',
};
const first = pricedUsage({ id: 'e1' });
const other = pricedUsage({ id: 'e2' });
const quarantined: QuarantinedUsage = {
  outcome: 'quarantined',
  reason: 'invalid_event',
  detail: 'modell is unknown',
  project: 'p1',
  source: 'api',
  id: 'e3',
  payload: '{"modell":"m"}',
  payload_encoding: 'json',
};

describe('the first of an identity', () => {
  it('counts, at its place in the record', () => {
    const contents = new Map<string, string>();
    expect(decideItems([first, other], origin, contents)).toEqual({
      counted: [
        { usage: first, origin, index: 0 },
        { usage: other, origin, index: 1 },
      ],
      setAside: [],
    });
    expect([...contents]).toEqual([
      [first.identity, first.content],
      [other.identity, other.content],
    ]);
  });
});

describe('an identity that is decided', () => {
  const row = {
    project: 'p1',
    source: 'api',
    id: 'e1',
    identity: first.identity,
    customer: 'acme',
    eventTime: '2026-11-02T10:20:30.123Z',
    receivedAt: '2026-11-02T10:20:31.000Z',
    detail: '',
    payloadEncoding: 'json',
    origin,
    index: 1,
  };

  it('is a repeat with the same content, which need not be kept', () => {
    const { counted, setAside } = decideItems([first, first], origin, new Map());
    expect(counted).toHaveLength(1);
    expect(setAside).toEqual([
      {
        ...row,
        decidedAs: 'repeat',
        content: first.content,
        countedContent: first.content,
        reason: 'same_content',
        payload: '',
      },
    ]);
  });

  it('is a conflict with other content, which is kept whole; the first stands', () => {
    const changed = { ...first, content: other.content };
    const contents = new Map<string, string>();
    const { counted, setAside } = decideItems([first, changed], origin, contents);
    expect(counted.map(({ usage }) => usage)).toEqual([first]);
    expect(setAside).toEqual([
      {
        ...row,
        decidedAs: 'conflict',
        content: other.content,
        countedContent: first.content,
        reason: 'other_content',
        payload: JSON.stringify(changed),
      },
    ]);
    expect(contents.get(first.identity)).toBe(first.content);
  });

  it('is one also where an earlier record had it', () => {
    const contents = new Map([[first.identity, first.content]]);
    const { counted, setAside } = decideItems([first], origin, contents);
    expect(counted).toEqual([]);
    expect(setAside.map(({ decidedAs, index }) => [decidedAs, index])).toEqual([['repeat', 0]]);
  });
});

describe('what pricing set aside', () => {
  it('is kept as it came, and is no identity that others repeat', () => {
    const contents = new Map<string, string>();
    const { counted, setAside } = decideItems([first, quarantined], origin, contents);
    expect(counted).toHaveLength(1);
    expect(setAside).toEqual([
      {
        decidedAs: 'quarantined',
        project: 'p1',
        source: 'api',
        id: 'e3',
        identity: null,
        content: null,
        countedContent: null,
        customer: null,
        eventTime: null,
        receivedAt: null,
        reason: 'invalid_event',
        detail: 'modell is unknown',
        payload: '{"modell":"m"}',
        payloadEncoding: 'json',
        origin,
        index: 1,
      },
    ]);
    expect(contents.size).toBe(1);
  });
});

describe('a record that cannot be read', () => {
  it('is kept byte for byte under its own position', () => {
    const key = { cluster: 'c1', topic: 'usage.priced', partition: 7 };
    const record = {
      offset: '9',
      timestampMs: Date.parse('2026-11-02T10:20:33.250Z'),
      value: Buffer.from([0xff, 0x00]),
    };
    expect(unreadableRow(key, record, 'not JSON')).toEqual({
      decidedAs: 'quarantined',
      project: null,
      source: null,
      id: null,
      identity: null,
      content: null,
      countedContent: null,
      customer: null,
      eventTime: null,
      receivedAt: null,
      reason: 'unreadable_record',
      detail: 'usage.priced: not JSON',
      payload: '/wA=',
      payloadEncoding: 'base64',
      origin: {
        cluster: 'c1',
        partition: 7,
        offset: '9',
        appended_at: '2026-11-02T10:20:33.250Z',
      },
      index: 0,
    });
  });
});
