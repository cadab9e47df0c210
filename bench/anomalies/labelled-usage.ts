import { SeededRandom } from '#testing';
import { SUBJECT_KINDS, type SubjectKind } from './subject-kinds.js';

/** Eighteen weeks. */
export const DAYS = 126;
/** Incidents lie this far behind a subject's first day, so that its past is known. */
const KNOWN_DAYS = 35;
/** A level shift is found or missed within so many days. */
export const SHIFT_DAYS = 3;
/** Where less is usual, no incident is injected. */
const INCIDENT_DOLLARS_MIN = 3;
const INCIDENT_SHARE = 0.8;

export interface IncidentKind {
  name: string;
  factor: number;
  /** One day, or every day from then on. */
  lasting: boolean;
}

export const INCIDENT_KINDS: readonly IncidentKind[] = [
  { name: 'spike x2', factor: 2, lasting: false },
  { name: 'spike x3', factor: 3, lasting: false },
  { name: 'spike x5', factor: 5, lasting: false },
  { name: 'spike x10', factor: 10, lasting: false },
  { name: 'drop to a half', factor: 0.5, lasting: false },
  { name: 'drop to a fifth', factor: 0.2, lasting: false },
  { name: 'drop to nothing', factor: 0, lasting: false },
  { name: 'level x3', factor: 3, lasting: true },
  { name: 'level to a quarter', factor: 0.25, lasting: true },
];

export interface Incident {
  kind: IncidentKind;
  firstDay: number;
}

/** One subject's days, and what was done to them. */
export interface LabelledSubject {
  kind: SubjectKind;
  /** Pico-dollars; the first element is a Monday. */
  amounts: bigint[];
  /** Its first day with usage. */
  firstDay: number;
  incident: Incident | null;
}

/** The same subjects for the same seed; with incidents, at most one each. */
export function labelledUsage(
  seed: number,
  subjectsPerKind: number,
  withIncidents: boolean,
): LabelledSubject[] {
  return SUBJECT_KINDS.flatMap((kind, kindPlace) =>
    Array.from({ length: subjectsPerKind }, (_, place) =>
      labelledSubject(
        kind,
        new SeededRandom(seed * 1_000_003 + kindPlace * 10_007 + place),
        withIncidents,
      ),
    ),
  );
}

function labelledSubject(
  kind: SubjectKind,
  random: SeededRandom,
  withIncidents: boolean,
): LabelledSubject {
  const [least, most] = kind.dollars;
  const level = least * (most / least) ** (random.fraction() * random.fraction());
  const begins = kind.begins ? random.between(...kind.begins) : 0;
  const usual = Array.from(
    { length: DAYS },
    (_, day) => level * kind.weekdays[day % 7]! * Math.exp((kind.growth ?? 0) * day),
  );
  const clean = usual.map((dollars, day) => {
    const noisy = dollars * Math.exp(kind.noise * normal(random));
    const heavy = random.happens(kind.heavyDays ?? 0) ? 1 + 2 * random.fraction() : 1;
    const idle = random.happens(kind.idleDays ?? 0) || day < begins;
    return idle ? 0 : noisy * heavy;
  });
  const incident = withIncidents ? incidentIn(kind, usual, begins, random) : null;
  const amounts = clean.map((dollars, day) => picoOf(dollars * factorOn(day, incident)));
  return { kind, amounts, firstDay: amounts.findIndex((amount) => amount > 0n), incident };
}

function incidentIn(
  { incidents }: SubjectKind,
  usual: readonly number[],
  begins: number,
  random: SeededRandom,
): Incident | null {
  const kinds = INCIDENT_KINDS.filter(
    ({ factor, lasting }) => incidents === 'all' || (factor > 1 && !lasting),
  );
  const days = usual.flatMap((dollars, day) =>
    day >= begins + KNOWN_DAYS && day < DAYS - SHIFT_DAYS && dollars >= INCIDENT_DOLLARS_MIN
      ? [day]
      : [],
  );
  if (incidents === 'none' || days.length === 0 || !random.happens(INCIDENT_SHARE)) return null;
  return { kind: random.pick(kinds), firstDay: random.pick(days) };
}

/** Whether a day is part of what was injected. */
export function isIncidentDay(day: number, incident: Incident | null): incident is Incident {
  if (incident === null) return false;
  return incident.kind.lasting ? day >= incident.firstDay : day === incident.firstDay;
}

function factorOn(day: number, incident: Incident | null): number {
  return isIncidentDay(day, incident) ? incident.kind.factor : 1;
}

function normal(random: SeededRandom): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.fraction()));
  return radius * Math.cos(2 * Math.PI * random.fraction());
}

/** To the millionth of a dollar: the amounts are made up, so nothing is lost. */
function picoOf(dollars: number): bigint {
  return BigInt(Math.round(dollars * 1e6)) * 1_000_000n;
}
