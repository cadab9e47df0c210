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
