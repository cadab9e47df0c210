import { type Anomaly, daySeries, detectAnomaly, explainAnomaly } from '#anomalies';
import type { SubjectUsage } from '#clickhouse';
import {
  alertIdOf,
  type AlertRaised,
  type AnomalyDimension,
  type AnomalyMark,
  type AnomalyMeasure,
  type AnomalySettings,
} from '#contracts';
import { decimalFromUnits, METERS, unitsFromDecimal } from '#meters';
import type { FoundMark } from '#postgres';
import { dayText, type DayToJudge } from './days-to-judge.js';

const TYPE = 'anomaly.detected';

/** Of what and when the days are judged. */
export interface Judgement {
  project: string;
  dimension: AnomalyDimension;
  settings: AnomalySettings;
  days: readonly DayToJudge[];
  nowMs: number;
}

/** The days of one customer or model that are anomalies, each with the alert that it raises. */
export function judgeSubject({ subject, days }: SubjectUsage, judgement: Judgement): FoundMark[] {
  const { settings } = judgement;
  const lastDay = judgement.days.at(-1)?.day ?? 0;
  return settings.measures.flatMap((measure) => {
    const amounts = days.map((usage) => ({ day: usage.day, amount: usage[measure] }));
    const series = daySeries(amounts, lastDay);
    const minimumVolume = volumeOf(settings, measure);
    return judgement.days.flatMap(({ day, directions }) => {
      const until = series.slice(0, Math.max(0, series.length - (lastDay - day)));
      const rules = { sensitivity: settings.sensitivity, minimumVolume, directions };
      const anomaly = detectAnomaly(until, rules);
      return anomaly === null ? [] : [foundMark(anomaly, { subject, measure, day }, judgement)];
    });
  });
}

/** In the unit of the amounts. */
function volumeOf({ minimum_volume }: AnomalySettings, measure: AnomalyMeasure): bigint {
  const text = minimum_volume[measure];
  const volume = unitsFromDecimal(text, METERS[measure].unit);
  if (volume <= 0n) throw new Error(`not a minimum volume: ${text}`);
  return volume;
}

function foundMark(
  anomaly: Anomaly,
  at: { subject: string; measure: AnomalyMeasure; day: number },
  { project, dimension, nowMs }: Judgement,
): FoundMark {
  const { subject, measure } = at;
  const { unit } = METERS[measure];
  const { direction } = anomaly;
  const day = dayText(at.day);
  const id = alertIdOf({
    type: TYPE,
    project,
    watch: dimension,
    counterKey: subject,
    windowStart: day,
    threshold: `${measure} ${direction}`,
    arming: 1,
  });
  const mark: AnomalyMark = {
    id,
    project,
    dimension,
    subject,
    day,
    measure,
    direction,
    value: decimalFromUnits(anomaly.value, unit),
    expected: decimalFromUnits(anomaly.expected, unit),
    deviation: decimalFromUnits(anomaly.deviation, unit),
    score: Math.round(Math.abs(anomaly.score) * 100) / 100,
    explanation: explainAnomaly(anomaly, { subject, measure, day }),
  };
  return { ...mark, alert: alertOf(mark, nowMs) };
}

function alertOf(
  { id, project, dimension, subject, day, measure, direction, ...numbers }: AnomalyMark,
  nowMs: number,
): AlertRaised {
  const { value, expected, deviation, score, explanation } = numbers;
  const start = new Date(`${day}T00:00:00Z`);
  return {
    v: 1,
    id,
    project,
    type: TYPE,
    raised_at: new Date(nowMs).toISOString(),
    raised_by: null,
    data: {
      dimension,
      subject,
      on: measure,
      direction,
      value,
      expected,
      deviation,
      score,
      window_start: start.toISOString(),
      window_end: new Date(start.getTime() + 86_400_000).toISOString(),
      explanation,
    },
  };
}
