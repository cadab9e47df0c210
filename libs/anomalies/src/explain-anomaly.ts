import type { AnomalyMeasure } from '#contracts';
import { METERS, US_DOLLARS } from '#meters';
import { decimalFromPico, divideHalfAwayFromZero } from '#money';
import type { Anomaly } from './detect-anomaly.js';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const CENT = 10_000_000_000n;

/** An anomaly's numbers in one sentence, for a person: to the cent, where the event has them exactly. */
export function explainAnomaly(
  { value, expected, deviation, score, sameWeekdays, direction }: Anomaly,
  { subject, measure, day }: { subject: string; measure: AnomalyMeasure; day: string },
): string {
  const isMoney = METERS[measure].unit === US_DOLLARS;
  const show = isMoney ? dollars : String;
  const weekday = WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
  const what = isMoney ? `cost ${show(value)}` : `had ${show(value)} ${measure}`;
  return (
    `${subject} ${what} on ${weekday} ${day}; the median of the ${sameWeekdays} ${weekday}s before is ${show(expected)} ` +
    `with a usual deviation of ${show(deviation)}: ${Math.abs(score).toFixed(1)} deviations too ${direction}.`
  );
}

function dollars(pico: bigint): string {
  return `$${decimalFromPico(divideHalfAwayFromZero(pico, CENT) * CENT)}`;
}
