import type { Budget } from '#contracts';
import { type Decimal, parseDecimal } from '#money';
import type { CompiledBudget } from './compile-budget.js';

const PICO_SCALE = 12;

/** A threshold in units of the measure: pico-dollars of cost, else whole counts. */
export interface BudgetThreshold {
  name: string;
  amount: bigint;
}

/** What a budget asks for at a moment, its temporary raise taken into account. */
export interface BudgetLimits {
  limit: bigint;
  limitText: string;
  /** The limit itself is among them, as `100%`; none while suspended. */
  thresholds: BudgetThreshold[];
  /** Part of an alert's identity: another one after the limits changed or a raise ended. */
  arming: number;
  /** Changes whenever counters must be held against new thresholds. */
  revision: string;
}

/** The limits in force. A raise counts as an arming of its own, and so does the time behind it. */
export function limitsOf({ budget }: CompiledBudget, nowMs: number): BudgetLimits {
  const { raise, suspended } = budget;
  const phase = raise === null ? 0 : nowMs < Date.parse(raise.until) ? 1 : 2;
  const limitText = phase === 1 ? raise!.limit : budget.limit;
  const limit = unitsOf(limitText, budget);
  const arming = budget.arming * 3 + phase;
  const named = budget.thresholds.map((name) => ({
    name,
    amount: amountOf(name, limitText, budget),
  }));
  const below = named.filter(({ amount }) => amount !== limit);
  const thresholds = suspended ? [] : [...below, { name: '100%', amount: limit }];
  const texts = thresholds.map(({ name, amount }) => `${name}=${amount}`);
  return { limit, limitText, thresholds, arming, revision: [arming, limit, ...texts].join('|') };
}

/** The limit that a revision was made for. */
export function limitOfRevision(revision: string): bigint | null {
  const limit = revision.split('|')[1];
  return limit === undefined ? null : BigInt(limit);
}

function unitsOf(text: string, { on }: Budget): bigint {
  return scaled(decimalOf(text), on === 'cost' ? PICO_SCALE : 0);
}

function amountOf(threshold: string, limitText: string, { on }: Budget): bigint {
  const scale = on === 'cost' ? PICO_SCALE : 0;
  if (!threshold.endsWith('%')) return scaled(decimalOf(threshold), scale);
  const share = decimalOf(threshold.slice(0, -1));
  const limit = decimalOf(limitText);
  return scaled({ units: limit.units * share.units, scale: limit.scale + share.scale + 2 }, scale);
}

function decimalOf(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not a decimal: ${text}`);
  return decimal;
}

/** In units of 10^-scale, rounded up: an amount below the exact threshold must not reach it. */
function scaled(decimal: Decimal, scale: number): bigint {
  if (decimal.scale <= scale) return decimal.units * 10n ** BigInt(scale - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - scale);
  return (decimal.units + divisor - 1n) / divisor;
}
