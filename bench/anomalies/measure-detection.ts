import { type Anomaly, detectAnomaly, HISTORY_DAYS_MAX, SCORE_BOUNDS } from '#anomalies';
import { ANOMALY_SENSITIVITIES, type AnomalySensitivity } from '#contracts';
import { PICO_PER_USD } from '#money';
import { DAYS, isIncidentDay, type LabelledSubject, SHIFT_DAYS } from './labelled-usage.js';

/** Everything that a lower sensitivity marks is marked at this one. */
const RULES = {
  sensitivity: 'high',
  minimumVolume: PICO_PER_USD,
  directions: ['high', 'low'],
} as const;
/** The first days of the set only serve as the past of the others. */
const FIRST_DAY = 28;

export interface Share {
  of: number;
  found: number;
}

/** What came of one sensitivity. */
export interface Detection {
  sensitivity: AnomalySensitivity;
  /** Days outside incidents. */
  cleanDays: number;
  falseAlarms: number;
  /** Days that were marked inside an incident, in its direction. */
  trueMarks: number;
  /** Incidents found, by their kind. */
  incidents: Map<string, Share>;
  /** Clean days marked, by the kind of subject. */
  falseBySubject: Map<string, Share>;
}

/** Runs the detection over every day of a labelled set, as it would have run on those days, at each sensitivity. */
export function measureDetection(subjects: readonly LabelledSubject[]): Detection[] {
  const detections = ANOMALY_SENSITIVITIES.map((sensitivity) => ({
    sensitivity,
    cleanDays: 0,
    falseAlarms: 0,
    trueMarks: 0,
    incidents: new Map<string, Share>(),
    falseBySubject: new Map<string, Share>(),
  }));
  for (const subject of subjects) {
    const marks = marksOf(subject);
    for (const detection of detections) addSubject(detection, subject, marks);
  }
  return detections;
}

/** What is found on each day from the first that is judged. */
function marksOf({ amounts, firstDay }: LabelledSubject): Map<number, Anomaly | null> {
  const marks = new Map<number, Anomaly | null>();
  for (let day = Math.max(FIRST_DAY, firstDay); day < DAYS; day++) {
    const series = amounts.slice(Math.max(firstDay, day - HISTORY_DAYS_MAX), day + 1);
    marks.set(day, detectAnomaly(series, RULES));
  }
  return marks;
}

function addSubject(
  detection: Detection,
  { kind, incident }: LabelledSubject,
  marks: ReadonlyMap<number, Anomaly | null>,
): void {
  let found = false;
  for (const [day, anomaly] of marks) {
    const isMarked =
      anomaly !== null && Math.abs(anomaly.score) >= SCORE_BOUNDS[detection.sensitivity];
    if (!isIncidentDay(day, incident)) {
      detection.cleanDays += 1;
      if (isMarked) detection.falseAlarms += 1;
      add(detection.falseBySubject, kind.name, isMarked);
    } else if (isMarked) {
      const isRight = anomaly.direction === (incident.kind.factor > 1 ? 'high' : 'low');
      if (isRight) detection.trueMarks += 1;
      else detection.falseAlarms += 1;
      found ||= isRight && day < incident.firstDay + SHIFT_DAYS;
    }
  }
  if (incident !== null) add(detection.incidents, incident.kind.name, found);
}

function add(shares: Map<string, Share>, name: string, found: boolean): void {
  const share = shares.get(name) ?? { of: 0, found: 0 };
  share.of += 1;
  if (found) share.found += 1;
  shares.set(name, share);
}

export function sumOf(shares: ReadonlyMap<string, Share>): Share {
  const sum = { of: 0, found: 0 };
  for (const share of shares.values()) {
    sum.of += share.of;
    sum.found += share.found;
  }
  return sum;
}
