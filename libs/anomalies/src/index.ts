export { type DayAmount, daySeries } from './day-series.js';
export {
  type Anomaly,
  detectAnomaly,
  type DetectionRules,
  SCORE_BOUNDS,
} from './detect-anomaly.js';
export { explainAnomaly } from './explain-anomaly.js';
export { type DayScore, HISTORY_DAYS_MAX, HISTORY_DAYS_MIN, scoreDay } from './score-day.js';
