import { SchemaRefused } from '#clickhouse/writes';
import { MigrationRefused } from '#postgres/writes';
import { SealingKeyMissing } from '#sealing';
import { BadOption, parseStartOptions, startUsage } from './start/start-options.js';
import { LiveStripeKeyRefused, chooseStripe } from './start/choose-stripe.js';
import { DataVersionRefused } from './platform/data-version.js';
import { DirectoryInUse } from './platform/directory-claim.js';
import type { Platform } from './platform/platform.js';
import { PortTaken, startPlatform } from './platform/start-platform.js';
import { StartFailed } from './platform/wait-until-ready.js';
import { PrerequisiteMissing } from './prerequisites/prepare-prerequisites.js';
import { Progress } from './progress.js';
import { describeRunningPlatform } from './start/describe-running-platform.js';

const progress = new Progress();
let platform: Platform | undefined;
let stopping: Promise<void> | undefined;

/** Stops everything once, whatever asked for it and however often. */
function stop(why: string): Promise<void> {
  stopping ??= (async () => {
    progress.say(`\nStopping (${why}): apps drain first, then the engines.`);
    await platform?.stop();
    progress.say('Stopped. The data stays; `npm start` resumes with it.');
    process.exit(0);
  })();
  return stopping;
}

async function main(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2));
  if (options.help) {
    progress.say(startUsage);
    return;
  }
  const stripe = chooseStripe(process.env.STRIPE_SECRET_KEY, options.allowLiveStripe);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void stop(signal));
  }
  // The bootstrap is our parent: when it is killed the channel closes, and nobody would be left to stop us.
  process.on('disconnect', () => void stop('the command was killed'));
  // A closed terminal: the signal that comes with it does the stopping.
  process.stdout.on('error', () => undefined);
  await startPlatform({
    ...options,
    stripe,
    progress,
    onCreated: (created) => (platform = created),
  });
  if (platform !== undefined) progress.say(describeRunningPlatform(platform, options.directory));
}

/** Trouble that the user can cure is told in plain words; anything else keeps its stack for the one who must mend it. */
function explain(error: unknown): string {
  const plain = [BadOption, LiveStripeKeyRefused, DirectoryInUse];
  const data = [DataVersionRefused, MigrationRefused, SchemaRefused, SealingKeyMissing];
  const kinds = [...plain, ...data, PortTaken, StartFailed, PrerequisiteMissing];
  if (kinds.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await main();
} catch (error) {
  if (stopping === undefined) {
    process.stderr.write(`\n${explain(error)}\n`);
    process.exit(1);
  }
  await stopping;
}
