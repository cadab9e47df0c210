import { describe, expect, it } from '@jest/globals';
import { Stripe } from 'stripe';
import type { Outcome } from './stripe-outcome.js';
import { writeOnce, type WriteIntent, type WriteIntents } from './write-once.js';

const pace = { attemptsMax: 2, delayMs: 0, delayMsMax: 0 };
const HOUR_MS = 3_600_000;

const connectionLost = () => new Stripe.errors.StripeConnectionError({ message: 'lost' });
const saved500 = () => new Stripe.errors.StripeAPIError({ message: 'boom', statusCode: 500 });

/** Stripe with one kind of object: what was made, by key, and what the next calls come to. */
class FakeStripe {
  readonly made: string[] = [];
  readonly keys: string[] = [];
  private readonly answers = new Map<string, string | Error>();

  constructor(private readonly troubles: ('lost before' | 'lost after' | 'saved 500')[]) {}

  async write(key: string): Promise<string> {
    this.keys.push(key);
    const trouble = this.troubles.shift();
    if (trouble === 'lost before') throw connectionLost();
    const known = this.answers.get(key);
    if (known instanceof Error) throw known;
    if (known !== undefined) return known;
    if (trouble === 'saved 500') {
      this.answers.set(key, saved500());
      throw saved500();
    }
    this.made.push(key);
    this.answers.set(key, key);
    if (trouble === 'lost after') throw connectionLost();
    return key;
  }

  look(): Promise<Outcome<string | null>> {
    return Promise.resolve({ ok: true, value: this.made[0] ?? null });
  }
}

class FakeIntents implements WriteIntents {
  constructor(private intent: WriteIntent | null = null) {}

  open(): Promise<WriteIntent> {
    const isNew = this.intent === null;
    this.intent ??= { generation: 0, firstAttemptAt: new Date(), wasKnown: true };
    return Promise.resolve({ ...this.intent, wasKnown: !isNew });
  }

  renew(): Promise<WriteIntent> {
    const generation = (this.intent?.generation ?? 0) + 1;
    this.intent = { generation, firstAttemptAt: new Date(), wasKnown: true };
    return Promise.resolve(this.intent);
  }
}

const run = (stripe: FakeStripe, intents: WriteIntents) =>
  writeOnce(
    { intents, pace },
    {
      name: 'w',
      look: () => stripe.look(),
      write: (key: string) => stripe.write(key),
    },
  );

const hoursAgo = (hours: number): WriteIntent => ({
  generation: 4,
  firstAttemptAt: new Date(Date.now() - hours * HOUR_MS),
  wasKnown: true,
});

describe('writeOnce', () => {
  it('repeats a lost write under its key', async () => {
    const stripe = new FakeStripe(['lost after']);
    expect(await run(stripe, new FakeIntents())).toEqual({ ok: true, value: 'w:k0' });
    expect(stripe.keys).toEqual(['w:k0', 'w:k0']);
    expect(stripe.made).toEqual(['w:k0']);
  });

  it('takes a new key when Stripe keeps a 500 under the old one', async () => {
    const stripe = new FakeStripe(['saved 500']);
    expect(await run(stripe, new FakeIntents())).toEqual({ ok: true, value: 'w:k1' });
    expect(stripe.keys).toEqual(['w:k0', 'w:k0', 'w:k1']);
  });

  it('reports what stays ambiguous, and settles it at the next call', async () => {
    const stripe = new FakeStripe(['lost before', 'lost before']);
    const intents = new FakeIntents();
    expect(await run(stripe, intents)).toMatchObject({ ok: false, trouble: { kind: 'ambiguous' } });
    expect(await run(stripe, intents)).toEqual({ ok: true, value: 'w:k0' });
    expect(stripe.made).toEqual(['w:k0']);
  });

  it('adopts what an earlier process wrote, and sends nothing', async () => {
    const stripe = new FakeStripe([]);
    await stripe.write('w:k4');
    expect(await run(stripe, new FakeIntents(hoursAgo(50)))).toEqual({ ok: true, value: 'w:k4' });
    expect(stripe.keys).toEqual(['w:k4']);
  });

  it.each([
    [22, 'w:k4'],
    [24, 'w:k5'],
  ])(
    'a write begun %i hours ago that is nowhere to be found goes out as %s',
    async (hours, key) => {
      const stripe = new FakeStripe([]);
      expect(await run(stripe, new FakeIntents(hoursAgo(hours)))).toEqual({ ok: true, value: key });
    },
  );

  it('gives up after three keys', async () => {
    const broken = Array.from({ length: 20 }, () => 'saved 500' as const);
    const stripe = new FakeStripe(broken);
    expect(await run(stripe, new FakeIntents())).toMatchObject({
      ok: false,
      trouble: { kind: 'key_spent' },
    });
    expect(new Set(stripe.keys)).toEqual(new Set(['w:k0', 'w:k1', 'w:k2']));
  });
});
