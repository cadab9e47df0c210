import { type ModelInfo } from '@pydantic/genai-prices';
import { type RateCard, rateCardOf } from './rate-card.js';

/** One entry of a model's list of prices, with when it holds. */
export interface PriceEpoch {
  holds: (eventTimeMs: number) => boolean;
  card: RateCard;
}

const DAY_MS = 86_400_000;
const TIME_OF_DAY = /^(\d{2}):(\d{2}):(\d{2})(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * All epochs of a model, as exact rates.
 * @throws Error when the data is malformed.
 */
export function priceEpochsOf({ prices }: Pick<ModelInfo, 'prices'>): PriceEpoch[] {
  if (!Array.isArray(prices)) return [{ holds: () => true, card: rateCardOf(prices) }];
  return prices.map(({ constraint, prices: written }) => {
    const card = rateCardOf(written);
    if (constraint === undefined) return { holds: () => true, card };
    if (constraint.type === 'start_date') {
      const startMs = Date.parse(constraint.start_date);
      if (Number.isNaN(startMs)) throw new Error(`${constraint.start_date} is not a date`);
      return { holds: (eventTimeMs: number) => eventTimeMs >= startMs, card };
    }
    return {
      holds: dailyWindow(timeOfDayMs(constraint.start_time), timeOfDayMs(constraint.end_time)),
      card,
    };
  });
}

/** The epoch of an instant: the last entry of the list that holds, as the data means it; the first when none does. */
export function epochAt(epochs: readonly PriceEpoch[], eventTimeMs: number): PriceEpoch {
  return epochs.findLast(({ holds }) => holds(eventTimeMs)) ?? epochs[0]!;
}

/** Whether an instant's time of day, in UTC, lies in a window that may pass midnight. */
function dailyWindow(startMs: number, endMs: number): (eventTimeMs: number) => boolean {
  return (eventTimeMs) => {
    const timeMs = ((eventTimeMs % DAY_MS) + DAY_MS) % DAY_MS;
    return endMs < startMs
      ? timeMs >= startMs || timeMs < endMs
      : timeMs >= startMs && timeMs < endMs;
  };
}

function timeOfDayMs(text: string): number {
  const match = TIME_OF_DAY.exec(text);
  if (!match) throw new Error(`${text} is not a time of day`);
  const [, hours, minutes, seconds, sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const offsetS = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60;
  const localS = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const utcMs = (localS - (sign === '-' ? -offsetS : offsetS)) * 1_000;
  return (utcMs + DAY_MS) % DAY_MS;
}
