import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RecordedEnvelope } from '#contracts';
import { createLogger } from '#platform';
import type { BatchText } from './batch-texts.js';
import { type Flight, type FlightOutcome, Recorder } from './recorder.js';

/** A producer whose sends are settled by the test. */
class HeldProducer {
  readonly sends: { send: Flight; settle: (outcome: FlightOutcome) => void }[] = [];

  send(send: Flight): Promise<FlightOutcome> {
    const { promise, resolve } = Promise.withResolvers<FlightOutcome>();
    this.sends.push({ send, settle: resolve });
    return promise;
  }
}

const ACKNOWLEDGED: FlightOutcome = { state: 'acknowledged' };

const batch = (partition: number, id: string, padding = 0): BatchText => ({
  partition,
  events: 1,
  json: `{"project":"p","events":[{"id":"${id}","model":"${'m'.repeat(padding)}"}]}`,
});

const idsOf = ({ records }: Flight) =>
  records.map(({ partition, value, headers }) => {
    const envelope = JSON.parse(value.toString()) as RecordedEnvelope;
    const ids = envelope.batches.flatMap(({ events }) => events.map(({ id }) => id));
    return [partition, ids.join(), headers.count];
  });

describe('recording', () => {
  let producer: HeldProducer;
  let recorder: Recorder;
  let waiting: number;
  const settled = () => jest.advanceTimersByTimeAsync(1);

  beforeEach(() => {
    jest.useFakeTimers();
    producer = new HeldProducer();
    recorder = new Recorder({
      send: (flight) => producer.send(flight),
      waitingCharactersMax: 10_000_000,
      onWaiting: (characters) => (waiting = characters),
      logger: createLogger('test', 'fatal'),
    });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('puts what comes during a flight together, one record a partition', async () => {
    const first = recorder.record([batch(0, 'a')]);
    await settled();
    const second = recorder.record([batch(0, 'b'), batch(1, 'c')]);
    const third = recorder.record([batch(0, 'd')]);
    await settled();
    expect(producer.sends).toHaveLength(1);
    producer.sends[0]!.settle(ACKNOWLEDGED);
    expect(await first).toBe('acknowledged');
    await settled();
    expect(producer.sends).toHaveLength(2);
    expect(idsOf(producer.sends[1]!.send)).toEqual([
      [0, 'b,d', '2'],
      [1, 'c', '1'],
    ]);
    producer.sends[1]!.settle(ACKNOWLEDGED);
    expect(await Promise.all([second, third])).toEqual(['acknowledged', 'acknowledged']);
  });

  it('answers nobody before the acknowledgement, and everybody of a failed send with its outcome', async () => {
    let answered = 0;
    const requests = ['a', 'b'].map((id) =>
      recorder.record([batch(3, id)]).then((outcome) => {
        answered += 1;
        return outcome;
      }),
    );
    await jest.advanceTimersByTimeAsync(1_000);
    expect(answered).toBe(0);
    producer.sends[0]!.settle({ state: 'unknown', reason: 'silence' });
    expect(await Promise.all(requests)).toEqual(['unknown', 'unknown']);
  });

  it('answers within 2 s of silence, also those who were never sent, and sends those no more', async () => {
    const flying = recorder.record([batch(0, 'a')]);
    await jest.advanceTimersByTimeAsync(500);
    const waiting = recorder.record([batch(0, 'b')]);
    await jest.advanceTimersByTimeAsync(1_300);
    expect(await flying).toBe('unknown');
    await jest.advanceTimersByTimeAsync(600);
    expect(await waiting).toBe('refused');
    producer.sends[0]!.settle(ACKNOWLEDGED);
    const next = recorder.record([batch(0, 'c')]);
    await settled();
    expect(producer.sends).toHaveLength(2);
    expect(idsOf(producer.sends[1]!.send)).toEqual([[0, 'c', '1']]);
    producer.sends[1]!.settle(ACKNOWLEDGED);
    expect(await next).toBe('acknowledged');
  });

  it('takes no more than it may hold, and takes again when that is sent', async () => {
    const large = recorder.record([batch(0, 'a', 9_000_000)]);
    await settled();
    expect(waiting).toBe(9_000_048);
    expect(await recorder.record([batch(0, 'b', 2_000_000)])).toBe('overloaded');
    producer.sends[0]!.settle(ACKNOWLEDGED);
    expect(await large).toBe('acknowledged');
    await settled();
    expect(waiting).toBe(0);
    void recorder.record([batch(0, 'b', 2_000_000)]);
    await settled();
    expect(producer.sends).toHaveLength(2);
  });

  it('keeps records below 600 kB and the records of a partition below 8 MiB in one send', async () => {
    const blocker = recorder.record([batch(11, 'first')]);
    await settled();
    for (let n = 0; n < 45; n += 1) void recorder.record([batch(0, `e${n}`, 200_000)]);
    producer.sends[0]!.settle(ACKNOWLEDGED);
    await blocker;
    let events = 0;
    for (let flight = 1; events < 45; flight += 1) {
      await settled();
      const { send, settle } = producer.sends[flight]!;
      const sizes = send.records.map(({ value }) => value.length);
      expect(Math.max(...sizes)).toBeLessThan(600_000);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(8 * 1024 * 1024);
      events += send.records.reduce((sum, { headers }) => sum + Number(headers.count), 0);
      settle(ACKNOWLEDGED);
    }
    expect(events).toBe(45);
  });
});
