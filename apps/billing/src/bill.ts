import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { armFailpoint, Clock, ConfigError, createLogger, loadConfig, LOGGER } from '#platform';
import { BillingConfig } from './billing.config.js';
import { BillingModule } from './billing.module.js';
import { BillingPipeline } from './billing.pipeline.js';
import { type BillArguments, parseBillArguments, USAGE } from './parse-bill-arguments.js';
import { EXIT, exitStatus } from './steps/exit-status.js';
import { formatBill } from './steps/format-bill.js';
import { reportBill } from './steps/report-bill.js';

@Module({})
class BillCommandModule {}

function commandModule(config: BillingConfig): DynamicModule {
  const provided = [
    { provide: BillingConfig, useValue: config },
    { provide: Clock, useValue: new Clock(config.clockOffsetMs) },
    // Standard output is the bill's.
    { provide: LOGGER, useValue: createLogger('bill', 'silent') },
  ];
  return {
    module: BillCommandModule,
    global: true,
    imports: [BillingModule],
    providers: provided,
    exports: provided,
  };
}

async function bill(config: BillingConfig, asked: BillArguments): Promise<number> {
  const app = await NestFactory.createApplicationContext(commandModule(config), {
    logger: false,
    abortOnError: false,
  });
  try {
    const outcomes = await app.get(BillingPipeline).bill(asked);
    if (outcomes.length === 0) {
      process.stderr.write(`there is no project ${asked.project ?? 'to bill'}\n`);
      return EXIT.wrongUsage;
    }
    const report = reportBill(asked.period.name, outcomes);
    if (asked.json) {
      for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`);
      process.stdout.write(`${JSON.stringify(report)}\n`);
    } else process.stdout.write(formatBill(report));
    return exitStatus(outcomes);
  } finally {
    await app.close();
  }
}

/** The command's whole life: wrong usage and wrong configuration are told plainly, an outage in one line. */
async function main(args: string[]): Promise<number> {
  const asked = parseBillArguments(args);
  if ('help' in asked) {
    process.stdout.write(`${USAGE}\n`);
    return EXIT.billed;
  }
  if ('wrong' in asked) {
    process.stderr.write(`${asked.wrong}\n${USAGE}\n`);
    return EXIT.wrongUsage;
  }
  try {
    const config = loadConfig(BillingConfig);
    armFailpoint(config.failpoint);
    return await bill(config, asked);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT.wrongUsage;
    }
    process.stderr.write(`the run stopped: ${reasonOf(error)}\n`);
    process.stderr.write('Nothing is lost: run it again, and it goes on from there.\n');
    return EXIT.incomplete;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}

process.exitCode = await main(process.argv.slice(2));
