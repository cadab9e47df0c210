import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ScannedBody } from '../../dialect.js';
import { LoopSlices } from '../../loop-slices.js';
import { parseItems } from '../../parse-items.js';
import { placeInTime } from '../../steps/place-in-time.js';
import { isRefusal } from '../../steps/reading.js';
import { readEvent } from './read-event.js';
import { scanEvents } from './scan-events.js';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');

function scan(text: string): ScannedBody | null {
  return scanEvents(Buffer.from(text), text, NOW);
}

/** What the full way makes of it; null when it refuses anything. */
async function read(text: string): Promise<{ events: object[]; single: boolean } | null> {
  const body = await parseItems(Buffer.from(text), 'json', new LoopSlices(false));
  if (isRefusal(body)) return null;
  const events = [];
  for (const item of body.items) {
    const reading = readEvent(item);
    const { event } = reading.event ? placeInTime(reading.event, NOW) : reading;
    if (event === undefined) return null;
    events.push(event);
  }
  return { events, single: body.single };
}

async function assertSound(text: string): Promise<void> {
  const scanned = scan(text);
  if (scanned === null) return;
  const full = await read(text);
  expect([text, full?.single]).toEqual([text, scanned.single]);
  expect(scanned.events.map(({ json }) => JSON.parse(json) as object)).toEqual(full?.events);
  for (const { id, source, json } of scanned.events) {
    const event = JSON.parse(json) as { id?: string; source?: string };
    expect([event.id, event.source]).toEqual([id, source]);
  }
}

const token = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\n',
  '"id"',
  '"source"',
  '"usage"',
  '"time"',
  '"a"',
  '""',
  '"input_tokens"',
  '"latency_ms"',
  '"batch"',
  '"status"',
  '"ok"',
  '"error"',
  'true',
  'null',
  '0',
  '01',
  '-1',
  '1.5',
  '1e3',
  '12345678901234567',
  '"2026-11-20T00:00:00.000Z"',
  '"x\\n"',
  '{"events":',
  '{"id":"e1"}',
  '"customer":"c"',
  '"\u007f"',
  '"model":"m"',
);

describe('scanning a body', () => {
  it('reads what clients usually send, without building objects', () => {
    const event = '{"id": "e1", "time": "2026-11-20T01:02:03.004Z", "usage": {"input_tokens": 12}}';
    expect(scan(event)).toEqual({
      events: [{ id: 'e1', source: undefined, json: event }],
      single: true,
    });
    expect(scan(`{"events":[${event},{"source":"s","model":"m"}]}`)).toEqual({
      events: [
        { id: 'e1', source: undefined, json: event },
        { id: undefined, source: 's', json: '{"source":"s","model":"m"}' },
      ],
      single: false,
    });
  });

  it.each([
    ['an unknown field', '{"id":"e","zz":1}'],
    ['an unknown count', '{"id":"e","usage":{"zz":1}}'],
    ['null', '{"id":"e","model":null}'],
    ['an escape', '{"id":"e\\n"}'],
    ['an empty id', '{"id":""}'],
    ['a long id', `{"id":"${'a'.repeat(257)}"}`],
    ['a negative count', '{"id":"e","usage":{"input_tokens":-1}}'],
    ['a fraction of a token', '{"id":"e","usage":{"input_tokens":1.5}}'],
    ['2^53+1', '{"id":"e","usage":{"input_tokens":9007199254740993}}'],
    ['30 February', '{"id":"e","time":"2026-02-30T00:00:00.000Z"}'],
    ['a time without milliseconds', '{"id":"e","time":"2026-11-20T00:00:00Z"}'],
    ['an old time', '{"id":"e","time":"2026-10-17T11:59:59.999Z"}'],
    ['a future time', '{"id":"e","time":"2026-11-22T12:00:00.001Z"}'],
    ['more after the end', '{"id":"e"}x'],
    ['a second body', '{"id":"e"}{"id":"f"}'],
    ['a trailing comma', '[{"id":"e"},]'],
    ['a cut body', '[{"id":"e"},{"id":"f'],
    ['an empty list', '[]'],
    ['an empty event', '{}'],
    ['a wrapper with more fields', '{"events":[{"id":"e"}],"x":1}'],
    ['an event padded beyond 16 KiB', `{"id":${' '.repeat(17_000)}"e"}`],
  ])('does not vouch for %s', (_, text) => {
    expect(scan(text)).toBeNull();
  });

  it('vouches only for what the full way accepts, with the same outcome', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 24 }), (tokens) =>
        assertSound(tokens.join('')),
      ),
      { numRuns: 20_000 },
    );
  });

  it('vouches for no more events than a request may have', () => {
    const listOf = (events: number) => `[${Array(events).fill('{"id":"e"}').join(',')}]`;
    expect(scan(listOf(1_000))?.events).toHaveLength(1_000);
    expect(scan(listOf(1_001))).toBeNull();
  });

  it('stays sound when a byte of a good body changes or goes', async () => {
    const good =
      '{"events":[{"id":"e1","source":"s","time":"2026-02-28T23:59:59.999Z","usage":{"input_tokens":10,"output_tokens":0},"latency_ms":1.25,"batch":true,"status":"ok"},{"model":"gpt-4o","batch":false,"status":"error"}]}'.replace(
        '2026-02-28',
        '2026-11-20',
      );
    expect(scan(good)?.events).toHaveLength(2);
    const byte = fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), byte, fc.nat(2), (at, inserted, cut) =>
        assertSound(good.slice(0, at) + inserted + good.slice(at + cut)),
      ),
      { numRuns: 20_000 },
    );
  });
});
