import { detectionReport } from './detection-report.js';

/** `npm run anomalies`: how well anomalies are found in a labelled set, and how often a clean day is taken for one. */
process.stdout.write(`${detectionReport()}\n`);
