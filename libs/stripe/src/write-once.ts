import { callStripe, type Pace } from './call-stripe.js';
import { done, type Outcome } from './stripe-outcome.js';

/** One write as it was intended: which of its idempotency keys is in use, and since when. */
export interface WriteIntent {
  readonly generation: number;
  readonly firstAttemptAt: Date;
  /** False when this very call has made the intent: then nothing can have been sent before. */
  readonly wasKnown: boolean;
}

/** Where intents are kept. Both calls are durable before they resolve, because the network call comes after. */
export interface WriteIntents {
  open(name: string): Promise<WriteIntent>;
  /** A new key for the same write. Its first attempt counts from now. */
  renew(name: string): Promise<WriteIntent>;
}

export interface Write<T> {
  /** Names the write for ever; at most 240 characters. The same name must always come with the same parameters. */
  readonly name: string;
  /** Finds what an earlier attempt wrote, by a consistent read; null when there is nothing. */
  readonly look: (intent: WriteIntent) => Promise<Outcome<T | null>>;
  readonly write: (idempotencyKey: string) => Promise<T>;
}

/** Stripe forgets a key after 24 hours at the earliest; an hour is left for a request under way. */
const KEY_LIFETIME_MS = 23 * 3600 * 1000;
const GENERATIONS_PER_CALL_MAX = 3;

/**
 * Makes a write happen once, whatever happened to earlier attempts at it, by this process or one that died.
 *
 * While a key is young, repeating the write under it is safe. When the key is old or used up, the write is looked for
 * first, and only what is not there is sent under a new key. An outcome that stays ambiguous is returned as such: a later
 * call with the same name settles it.
 */
export async function writeOnce<T>(
  { intents, pace }: { intents: WriteIntents; pace: Pace },
  { name, look, write }: Write<T>,
): Promise<Outcome<T>> {
  let intent = await intents.open(name);
  for (let round = 1; ; round += 1) {
    if (intent.wasKnown) {
      const earlier = await look(intent);
      if (!earlier.ok) return earlier;
      if (earlier.value !== null) return done(earlier.value);
      if (Date.now() - intent.firstAttemptAt.getTime() > KEY_LIFETIME_MS)
        intent = await intents.renew(name);
    }
    const { generation } = intent;
    const outcome = await callStripe(pace, () => write(`${name}:k${generation}`));
    if (outcome.ok || outcome.trouble.kind === 'refused' || outcome.trouble.kind === 'unauthorised')
      return outcome;
    const written = await look(intent);
    if (written.ok && written.value !== null) return done(written.value);
    if (!written.ok || outcome.trouble.kind !== 'key_spent' || round >= GENERATIONS_PER_CALL_MAX)
      return outcome;
    intent = await intents.renew(name);
  }
}
