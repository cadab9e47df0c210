import { runService } from '#service';
import { ConsoleConfig } from './console.config.js';
import { ConsoleModule } from './console.module.js';
import { consoleAdapter, prepareConsole } from './prepare-console.js';

await runService({
  name: 'console',
  config: ConsoleConfig,
  module: ConsoleModule,
  adapter: consoleAdapter,
  prepare: prepareConsole,
});
