/** How the subjects of one kind use, in US dollars a day. */
export interface SubjectKind {
  name: string;
  /** A Monday's usage lies between the two, most often near the lower. */
  dollars: [least: number, most: number];
  /** Monday to Sunday. */
  weekdays: readonly number[];
  /** Of the logarithm of a day's usage. */
  noise: number;
  /** Of the logarithm, a day. */
  growth?: number;
  /** The share of days that come out up to three times as high by themselves. */
  heavyDays?: number;
  /** The share of days without usage. */
  idleDays?: number;
  /** It begins somewhere between these two days. */
  begins?: [earliest: number, latest: number];
  /** What may be injected: in the others nobody could tell an incident from what they do anyway. */
  incidents: 'all' | 'spikes' | 'none';
}

const EVEN = [1, 1, 1, 1, 1, 1, 1];
const OFFICE = [1, 1.05, 1.1, 1.05, 0.9, 0.4, 0.35];

/** What the labelled set is made of, the same number of each. */
export const SUBJECT_KINDS: readonly SubjectKind[] = [
  {
    name: 'office hours',
    dollars: [5, 500],
    weekdays: [1, 1.05, 1.1, 1.05, 0.9, 0.25, 0.2],
    noise: 0.2,
    incidents: 'all',
  },
  {
    name: 'busy weekends',
    dollars: [5, 500],
    weekdays: [1, 0.95, 0.95, 1, 1.1, 1.4, 1.35],
    noise: 0.15,
    incidents: 'all',
  },
  {
    name: 'idle weekends',
    dollars: [5, 300],
    weekdays: [1, 1.05, 1.1, 1.05, 0.9, 0, 0],
    noise: 0.25,
    incidents: 'all',
  },
  {
    name: 'growing 1.2 % a day',
    dollars: [5, 100],
    weekdays: OFFICE,
    noise: 0.2,
    growth: 0.012,
    incidents: 'all',
  },
  {
    name: 'shrinking 1 % a day',
    dollars: [20, 300],
    weekdays: OFFICE,
    noise: 0.2,
    growth: -0.01,
    incidents: 'all',
  },
  {
    name: 'heavy tails',
    dollars: [5, 300],
    weekdays: [1, 1, 1, 1, 1, 0.7, 0.7],
    noise: 0.5,
    heavyDays: 0.05,
    incidents: 'all',
  },
  {
    name: 'new model',
    dollars: [5, 200],
    weekdays: OFFICE,
    noise: 0.25,
    begins: [30, 80],
    incidents: 'all',
  },
  {
    name: 'a third of days idle',
    dollars: [5, 100],
    weekdays: EVEN,
    noise: 0.4,
    idleDays: 0.35,
    incidents: 'spikes',
  },
  {
    name: 'rarely used',
    dollars: [5, 50],
    weekdays: EVEN,
    noise: 0.4,
    idleDays: 0.88,
    incidents: 'none',
  },
  { name: 'small', dollars: [0.3, 2], weekdays: EVEN, noise: 0.5, incidents: 'none' },
];
