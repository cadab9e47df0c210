import type { UsageEvent } from '#contracts';
import { dollars, priceByHand } from '#testing';

const DAY_MS = 86_400_000;
const CUSTOMERS = 50;
const DAYS = 4;
const MODELS = [
  { provider: 'openai', model: 'gpt-4o' },
  { provider: 'openai', model: 'gpt-4o-mini' },
  { provider: 'anthropic', model: 'claude-haiku-4-5' },
] as const;

interface Sums {
  customer: string;
  model: string;
  day: string;
  events: number;
  input: number;
  output: number;
  pico: bigint;
}

/** Events whose whole content follows from their number, and what they come to, added up one by one. */
export class NumberedUsage {
  private readonly sums = new Map<string, Sums>();
  private readonly todayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  private made = 0;

  /** The next so many events. */
  next(count: number): UsageEvent[] {
    return Array.from({ length: count }, () => this.make(this.made++));
  }

  /** By the names that `nameOf` gives to customer, model and day: events, tokens in and out, dollars. */
  sumsBy(nameOf: (slice: Sums) => string): Record<string, string> {
    const named = new Map<string, Sums>();
    for (const slice of this.sums.values()) add(named, nameOf(slice), slice);
    return Object.fromEntries([...named].map(([name, sums]) => [name, textOf(sums)]));
  }

  /** What a budget counts, by the name that `nameOf` gives to customer, model and day. */
  countersBy(
    nameOf: (slice: Sums) => string,
    amountOf: (slice: Sums) => bigint,
  ): Map<string, bigint> {
    const counters = new Map<string, bigint>();
    for (const slice of this.sums.values()) {
      const name = nameOf(slice);
      counters.set(name, (counters.get(name) ?? 0n) + amountOf(slice));
    }
    return counters;
  }

  private make(n: number): UsageEvent {
    const { provider, model } = MODELS[n % MODELS.length]!;
    const customer = `customer-${n % CUSTOMERS}`;
    const dayMs = this.todayMs - (1 + (n % DAYS)) * DAY_MS;
    const timeMs = dayMs + ((n * 7_919) % DAY_MS);
    const usage = { input_tokens: 1 + (n % 9_973), output_tokens: n % 1_009 };
    const day = new Date(dayMs).toISOString().slice(0, 10);
    const { pico } = priceByHand(model, usage, timeMs);
    const { input_tokens: input, output_tokens: output } = usage;
    const one = { customer, model, day, events: 1, input, output, pico };
    add(this.sums, `${customer} ${model} ${day}`, one);
    return {
      id: `numbered-${n}`,
      time: new Date(timeMs).toISOString(),
      customer,
      provider,
      model,
      usage,
    };
  }
}

export function textOf(sums: Pick<Sums, 'events' | 'input' | 'output' | 'pico'>): string {
  return `${sums.events} ${sums.input} ${sums.output} ${dollars(sums.pico)}`;
}

function add(sums: Map<string, Sums>, name: string, more: Sums): void {
  const known = sums.get(name);
  if (!known) {
    sums.set(name, { ...more });
    return;
  }
  known.events += more.events;
  known.input += more.input;
  known.output += more.output;
  known.pico += more.pico;
}
