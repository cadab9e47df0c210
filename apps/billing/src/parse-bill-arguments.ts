import { parseArgs } from 'node:util';
import { parseBillingPeriod } from '#invoicing';
import type { BillingRun } from './billing.pipeline.js';

export const USAGE = `usage: npm run bill -- --period YYYY-MM [--project ID] [--early] [--dry-run] [--json]
  --period   the month, in UTC, to invoice
  --project  this project alone; without it, every project
  --early    also a month that is not over, or not stored to its end: what is there is frozen
  --dry-run  write nothing, to PostgreSQL or to Stripe
  --json     the report as one line of JSON`;

export interface BillArguments extends BillingRun {
  readonly json: boolean;
}

/** Reads the command line, or says what is wrong with it. */
export function parseBillArguments(
  args: string[],
): BillArguments | { readonly help: true } | { readonly wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        period: { type: 'string' },
        project: { type: 'string' },
        early: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { help: true };
    if (values.period === undefined) return { wrong: '--period is missing' };
    const period = parseBillingPeriod(values.period);
    if (period === null) {
      return { wrong: `--period is a month such as 2026-11, not ${values.period}` };
    }
    const { project, early, json } = values;
    return { period, project, early, dryRun: values['dry-run'], json };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
