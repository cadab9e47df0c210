import { join } from 'node:path';
import { startPlatform } from '../platform/start-platform.js';
import { Progress } from '../progress.js';
import { repositoryRoot } from '../repository-root.js';

/** `npm run engines`: engines for single tests run by hand, until Ctrl-C. `npm test` brings its own. */
const directory = join(repositoryRoot, '.reckoner-test', 'engines');
const progress = new Progress();
const platform = await startPlatform({ directory, apps: [], progress });
progress.say('Engines are up; run tests with: npm run jest -- --selectProjects engines <path>');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void platform.stop().then(() => process.exit(0)));
}
