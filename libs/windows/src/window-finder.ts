import type { BudgetWindow } from '#contracts';
import { type TimeWindow, windowOf } from './window-of.js';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** Late events come from five weeks: 3,500 quarters of an hour, 52,000 minutes. */
const CELLS_MAX = 60_000;
const FINDERS_MAX = 1_000;

const finders = new Map<string, WindowFinder>();

/**
 * `windowOf` for very many moments: calendar arithmetic takes tens of microseconds, so it is done once for each cell of
 * time. Zones differ by quarters of an hour, so a cell seldom holds the beginning of a window; where it does, each miss
 * is worked out anew.
 */
export class WindowFinder {
  private readonly cells = new Map<number, TimeWindow>();
  private readonly cellMs: number;

  private constructor(private readonly window: BudgetWindow) {
    this.cellMs = window.kind === 'calendar' && window.unit === 'minute' ? MINUTE_MS : QUARTER_MS;
  }

  /** One finder for all who ask for the same windows: thousands of budgets share a few. */
  static for(window: BudgetWindow): WindowFinder {
    const name = JSON.stringify(window);
    const known = finders.get(name);
    if (known) return known;
    if (finders.size >= FINDERS_MAX) finders.clear();
    const finder = new WindowFinder(window);
    finders.set(name, finder);
    return finder;
  }

  /** The window that holds `timeMs`, as `windowOf` has it. */
  of(timeMs: number): TimeWindow {
    if (this.window.kind !== 'calendar') return windowOf(this.window, timeMs);
    const cell = Math.floor(timeMs / this.cellMs);
    const known = this.cells.get(cell);
    if (known && known.startMs <= timeMs && timeMs < known.endMs) return known;
    const found = windowOf(this.window, timeMs);
    if (this.cells.size >= CELLS_MAX) this.cells.clear();
    this.cells.set(cell, found);
    return found;
  }
}
