import { SCORE_BOUNDS } from '#anomalies';
import { INCIDENT_KINDS, labelledUsage } from './labelled-usage.js';
import { type Detection, measureDetection, type Share, sumOf } from './measure-detection.js';
import { SUBJECT_KINDS } from './subject-kinds.js';

const SUBJECTS_PER_KIND = 40;
const CLEAN_SEED = 1;
const INCIDENTS_SEED = 2;

/** The tables of docs/anomalies.md as Markdown: a set without incidents and one with them, each run at every sensitivity. */
export function detectionReport(): string {
  const clean = measureDetection(labelledUsage(CLEAN_SEED, SUBJECTS_PER_KIND, false));
  const labelled = measureDetection(labelledUsage(INCIDENTS_SEED, SUBJECTS_PER_KIND, true));
  const sensitivities = clean.map(({ sensitivity }) => `\`${sensitivity}\``);
  const tables = [
    table(
      ['Sensitivity', 'Score from', 'Precision', 'Recall', 'False alarms per 1,000 customer-days'],
      clean.map((run, place) => [
        `\`${run.sensitivity}\``,
        String(SCORE_BOUNDS[run.sensitivity]),
        precisionOf(labelled[place]!),
        shareText(sumOf(labelled[place]!.incidents)),
        perThousand(run),
      ]),
    ),
    table(
      ['Found', ...sensitivities],
      INCIDENT_KINDS.map(({ name }) => [
        name,
        ...labelled.map(({ incidents }) => shareText(incidents.get(name))),
      ]),
    ),
    table(
      ['False alarms', ...sensitivities],
      SUBJECT_KINDS.map(({ name }) => [
        name,
        ...clean.map(({ falseBySubject }) => ofText(falseBySubject.get(name))),
      ]),
    ),
  ];
  return tables.join('\n\n');
}

function precisionOf({ trueMarks, falseAlarms }: Detection): string {
  return (trueMarks / (trueMarks + falseAlarms)).toFixed(2);
}

function perThousand({ falseAlarms, cleanDays }: Detection): string {
  return `${((falseAlarms / cleanDays) * 1_000).toFixed(2)} (${falseAlarms} of ${cleanDays})`;
}

function shareText(share: Share | undefined): string {
  return share === undefined ? 'none' : `${(share.found / share.of).toFixed(2)} (${ofText(share)})`;
}

function ofText(share: Share | undefined): string {
  return share === undefined ? 'none' : `${share.found} of ${share.of}`;
}

/** Columns as wide as their widest cell, as the formatter of the pages writes them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
