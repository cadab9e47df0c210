import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LoadedPlatform, startLoadedPlatform } from '#testing';
import { sourceFailpoints } from './source-failpoints.js';

type App = 'ingest-api' | 'pricing-worker' | 'aggregator';

/** Reached only by a process that finds a plan which another left unfinished. */
const IN_RECOVERY = ['aggregator.before_rollups', 'aggregator.after_read_back'];
/** Reached in a recovery too: the process that finishes another's plan dies there in its turn. */
const ALSO_IN_RECOVERY = ['aggregator.between_inserts', 'aggregator.after_take_over'];
/** Reached only where budgets are counted: `thousand-budgets.test.ts` kills there. */
const IN_COUNTING = ['counting', 'alerting'].flatMap((room) =>
  sourceFailpoints('aggregator', room),
);
/** Reached by a clock of its own: `anomalies-killed.test.ts` kills there. */
const IN_ANOMALIES = sourceFailpoints('aggregator', 'anomalies');
const RECOVERED_PARTITION = 7;

let test: LoadedPlatform;

beforeAll(async () => {
  test = await startLoadedPlatform('failpoints');
});
afterAll(() => test.end());

/** Settles when the process ends by itself, with the signal that ended it: a failpoint's is SIGKILL, which nobody else sends. */
async function deathOf(app: App): Promise<NodeJS.Signals | null> {
  const [exit] = await once(test.platform.process(app), 'exited');
  return (exit as { signal: NodeJS.Signals | null }).signal;
}

function at(app: App, except: string[] = []): string[] {
  return sourceFailpoints(app).filter((name) => !except.includes(name));
}

/** Restarts the app so that it dies at the failpoint under load. The load goes on while it is down and after. */
async function dieUnderLoad(app: App, failpoint: string, partition?: number): Promise<void> {
  await test.platform.stopProcess(app);
  const death = deathOf(app);
  const restarted = test.restart(app, { firstRun: { FAILPOINT: failpoint } });
  const sending = test.load.send(120, { batchMax: 5 }, partition);
  expect(await death).toBe('SIGKILL');
  await Promise.all([restarted, sending]);
}

describe.each<[App, string[]]>([
  ['ingest-api', at('ingest-api')],
  ['pricing-worker', at('pricing-worker')],
  ['aggregator', at('aggregator', [...IN_RECOVERY, ...IN_COUNTING, ...IN_ANOMALIES])],
])('%s, killed under load', (app, failpoints) => {
  it.each(failpoints)('at %s, leaves the sums exact', async (failpoint) => {
    await dieUnderLoad(app, `${failpoint}:3`);
    expect(await test.load.differences()).toEqual([]);
  });
});

describe('aggregator, killed again while it finishes the plan of its dead predecessor', () => {
  it.each([...IN_RECOVERY, ...ALSO_IN_RECOVERY])(
    'at %s, leaves the sums exact',
    async (failpoint) => {
      await test.platform.stopProcess('aggregator');
      const { platform, load } = test;
      const aggregator = platform.process('aggregator');
      const firstDeath = deathOf('aggregator');
      // Its successor, whom nobody starts but supervision, dies at the failpoint, and so would the next.
      const env = { ...test.envOf('aggregator'), FAILPOINT: failpoint };
      await aggregator.start(env, { FAILPOINT: 'aggregator.after_plan' });
      const sending = load.send(60, { batchMax: 5 }, RECOVERED_PARTITION);
      expect(await firstDeath).toBe('SIGKILL');
      const secondDeath = deathOf('aggregator');
      expect(await load.progress.unfinishedPlans()).toEqual([RECOVERED_PARTITION]);
      expect(await secondDeath).toBe('SIGKILL');
      expect(await load.progress.unfinishedPlans()).toEqual([RECOVERED_PARTITION]);
      await test.restart('aggregator');
      await sending;
      expect(await load.differences()).toEqual([]);
    },
  );
});
