/** What a budget or rate can be narrowed to, and counted per. `tag` matches one tag; `property.<name>` one property. */
export const WATCH_DIMENSIONS = [
  'customer',
  'user',
  'key',
  'application',
  'provider',
  'model',
  'type',
  'tag',
] as const;
export type WatchDimension = (typeof WATCH_DIMENSIONS)[number] | `property.${string}`;

/** Each named dimension must have this value. Empty: the whole project. */
export type Scope = Partial<Record<WatchDimension, string>>;

/** The values that tell one counter of a watch from its others; empty for a watch without `per`. */
export type CounterKey = Partial<Record<WatchDimension, string>>;

export type CalendarUnit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

export type BudgetWindow =
  | {
      kind: 'calendar';
      unit: CalendarUnit;
      time_zone: string;
      /** First day: 1 (Monday) to 7 of a week, 1 to 28 of a month; absent: 1. */
      start_day?: number;
    }
  | { kind: 'rolling'; seconds: number }
  | { kind: 'lifetime' };
