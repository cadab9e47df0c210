import { Temporal } from 'temporal-polyfill';

const OFFSET = /^[+-]\d\d(?::?\d\d)?$/;
/** Longer than any name of the tz database. */
const NAME_LENGTH_MAX = 64;

/**
 * The zone that windows are computed in under this name, as the library that computes them writes it; null where it
 * cannot. What others take for a zone is no measure: `Intl` knows `IST`, and counts in India what was meant for Ireland.
 */
export function timeZoneNamed(name: string): string | null {
  if (name.length > NAME_LENGTH_MAX) return null;
  // The library remembers every spelling for ever, so it is shown one of each; in capitals, since it takes `ist` for the
  // `IST` that it refuses.
  const id = idOf(name.toUpperCase());
  if (id === null) return null;
  // It also finds the zone in the text of a time, which is no name.
  return OFFSET.test(name) || id.toLowerCase() === name.toLowerCase() ? id : null;
}

function idOf(name: string): string | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
