import { cpus } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../dev/platform/start-platform.js';
import type { Platform } from '../dev/platform/platform.js';
import { Progress } from '../dev/progress.js';
import { repositoryRoot } from '../dev/repository-root.js';
import { benchAlertLatency } from './alert-latency/alert-latency.js';
import { benchBudgets } from './counting/aggregation-with-budgets.js';
import { benchCounterCalls } from './counting/counter-calls.js';
import { benchDoor } from './door/bench-door.js';
import { benchTakeOver } from './identities/take-over.js';
import type { Figure } from './measure.js';
import { benchStages } from './pipeline/stage-rates.js';
import { benchVisibility } from './pipeline/visibility.js';

const STAGE_EVENTS = 400_000;
const ROUNDS = 5;

/** What `npm run bench` measures, in this order; `npm run bench -- door` measures one. */
const benches: Record<string, (platform: Platform) => Promise<Figure[]>> = {
  visibility: benchVisibility,
  alerts: benchAlertLatency,
  door: async (platform) => [
    ...(await benchDoor(platform, {
      batchSize: 100,
      connections: 64,
      rounds: ROUNDS,
      roundMs: 3_000,
    })),
    ...(await benchDoor(platform, {
      batchSize: 1,
      connections: 64,
      rounds: ROUNDS,
      roundMs: 3_000,
    })),
  ],
  counters: benchCounterCalls,
  budgets: benchBudgets,
  identities: benchTakeOver,
  stages: async (platform) => [
    ...(await benchStages(platform, STAGE_EVENTS, 'uuid4')),
    ...(await benchStages(platform, STAGE_EVENTS, 'uuid7')),
  ],
};

/** One project and one key send all there is: what they are limited to is not what is measured. */
const UNLIMITED = Object.fromEntries(
  ['REQUESTS', 'EVENTS', 'BYTES']
    .flatMap((kind) => [`LIMITS_${kind}_PER_SECOND`, `LIMITS_KEY_${kind}_PER_SECOND`])
    .map((name) => [name, '1000000000']),
);

const progress = new Progress();
const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  progress.say(
    `There is no bench ${unknown.join(', ')}: choose of ${Object.keys(benches).join(', ')}.`,
  );
  process.exit(2);
}
progress.say(
  `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`,
);
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  // Engines of its own for each, so that nothing of one waits in another's topics.
  const platform = await startPlatform({
    directory: join(repositoryRoot, '.reckoner-test', 'bench'),
    fresh: true,
    env: { 'ingest-api': UNLIMITED },
  });
  try {
    for (const figure of await bench(platform)) progress.say(lineOf(figure));
  } finally {
    await platform.stop();
  }
}
process.exit(0);

function lineOf({ name, value, unit, note }: Figure): string {
  const shown = unit === 'ratio' ? value.toFixed(2) : Math.round(value).toLocaleString('en-US');
  return `${name.padEnd(60)} ${shown.padStart(10)} ${unit}${note === undefined ? '' : `   (${note})`}`;
}
