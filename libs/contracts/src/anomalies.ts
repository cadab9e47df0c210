/** What an anomaly is looked for in: the days of each customer, and of each model over all customers. */
export const ANOMALY_DIMENSIONS = ['customer', 'model'] as const;
export type AnomalyDimension = (typeof ANOMALY_DIMENSIONS)[number];

/** `tokens` is input plus output. */
export const ANOMALY_MEASURES = ['cost', 'tokens', 'requests'] as const;
export type AnomalyMeasure = (typeof ANOMALY_MEASURES)[number];

/** Above or below what was expected. */
export type AnomalyDirection = 'high' | 'low';

export const ANOMALY_SENSITIVITIES = ['low', 'medium', 'high'] as const;
export type AnomalySensitivity = (typeof ANOMALY_SENSITIVITIES)[number];

/** How a project's anomalies are looked for. */
export interface AnomalySettings {
  enabled: boolean;
  sensitivity: AnomalySensitivity;
  measures: AnomalyMeasure[];
  /** A decimal string above 0 for each measure: US dollars for cost, else a whole count. Days that stay below never matter. */
  minimum_volume: Record<AnomalyMeasure, string>;
}

/** What holds for a project that has set nothing. */
export const ANOMALY_DEFAULTS: AnomalySettings = {
  enabled: true,
  sensitivity: 'medium',
  measures: ['cost'],
  minimum_volume: { cost: '1', tokens: '100000', requests: '100' },
};

/** A marked day of a customer or model. Amounts are decimal strings in the measure's unit. */
export interface AnomalyMark {
  /** Of its alert, too. */
  id: string;
  project: string;
  dimension: AnomalyDimension;
  subject: string;
  /** `YYYY-MM-DD`, UTC. */
  day: string;
  measure: AnomalyMeasure;
  direction: AnomalyDirection;
  value: string;
  expected: string;
  deviation: string;
  score: number;
  explanation: string;
}
